import { toTensor } from '@ddad/detector';
import { fitGaussian, type UNet } from '@ddad/diffusion';
import * as tf from '@tensorflow/tfjs';

/** Images that the distribution is fitted to, at most: at equal distances. */
const most = 256;

/**
 * Gives a UNet with `gaussianComponents` the normal distribution of good images to start from; any other stays as it is.
 *
 * @param images interleaved bytes at the size that the UNet sees
 */
export async function startFromGaussian(unet: UNet, images: readonly Uint8Array[]): Promise<void> {
  const { imageSize, inChannels, gaussianComponents: components } = unet.options;
  if (components === 0) return;
  const count = Math.min(images.length, most);
  const chosen = Array.from({ length: count }, (_, i) => images[Math.floor((i * images.length) / count)]);
  const x = toTensor(chosen, imageSize, inChannels);
  try {
    const model = await fitGaussian(x, { components });
    unet.setGaussian(model);
    tf.dispose([model.mean, model.components, model.variances, model.residual]);
  } finally {
    x.dispose();
  }
}
