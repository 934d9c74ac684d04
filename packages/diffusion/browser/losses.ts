import { linearSchedule, trainUNet, UNet } from '@ddad/diffusion';
import * as tf from '@tensorflow/tfjs';

/** The losses of three training steps of a small seeded network on tfjs's current backend, and the tensors left. */
export async function losses(): Promise<{ losses: number[]; leaked: number }> {
  const before = tf.memory().numTensors;
  const unet = new UNet({
    imageSize: 8,
    baseChannels: 32,
    heads: 2,
    channelMultipliers: [1, 2],
    resBlocks: 1,
    seed: 5,
  });
  const found: number[] = [];
  const pixels = Float32Array.from({ length: 2 * 8 * 8 * 3 }, (_, i) => Math.sin(i * 0.7));
  await trainUNet({
    unet,
    schedule: linearSchedule(),
    batches: () => [tf.tensor4d(pixels, [2, 8, 8, 3])],
    steps: 3,
    seed: 11,
    onProgress: ({ loss }) => found.push(loss),
  });
  unet.dispose();
  return { losses: found, leaked: tf.memory().numTensors - before };
}
