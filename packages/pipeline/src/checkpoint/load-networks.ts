import {
  type BackboneOptions,
  featuresArchitecture,
  filledBackbone,
  filledUNet,
  type Networks,
  networksOf,
  orDispose,
  parseWeights,
  type TaskOptions,
  unetArchitecture,
  type WeightsFile,
} from '@ddad/detector';
import type { UNet } from '@ddad/diffusion';
import type { Backbone } from '@ddad/features';
import type { Config } from '../config/schema.js';
import { pretrainedBackbone } from './pretrained-backbone.js';
import { findWeights, hasWeights, writeWeights } from './weights-file.js';

/** The files that both networks came from. */
export interface NetworkFiles {
  unet: WeightsFile;
  features: WeightsFile;
}

/** The UNet of `checkpoint.unet` in `folder`. */
export async function loadUNet(folder: string, config: Config): Promise<{ unet: UNet; file: WeightsFile }> {
  const { file, path, bytes } = await findWeights(folder, 'unet', config.checkpoint.unet);
  const stateDict = await parseWeights(bytes, { name: path, architecture: unetArchitecture(config) });
  return { unet: await filledUNet(config, { name: path, stateDict }), file };
}

/**
 * The extractor of `checkpoint.features` in `folder`, in evaluation mode. Epoch 0 is the pretrained one, which is
 * written there if it is not yet.
 */
export async function loadBackbone(
  folder: string,
  config: Config,
  options: TaskOptions & BackboneOptions = {},
): Promise<{ backbone: Backbone; file: WeightsFile }> {
  const architecture = featuresArchitecture(config);
  if (config.checkpoint.features === 0 && !(await hasWeights(folder, 'features', 0))) {
    const backbone = await pretrainedBackbone(config, options);
    const file = await orDispose(backbone, async () =>
      writeWeights(folder, 'features', 0, { stateDict: await backbone.stateDict(), architecture }),
    );
    return { backbone, file };
  }
  const { file, path, bytes } = await findWeights(folder, 'features', config.checkpoint.features);
  const stateDict = await parseWeights(bytes, { name: path, architecture });
  return { backbone: await filledBackbone(config, { name: path, stateDict }, options), file };
}

/** Both networks that `checkpoint` chooses; neither is left behind where the other cannot be had. */
export async function loadChosenNetworks(
  folder: string,
  config: Config,
  options: TaskOptions & BackboneOptions = {},
): Promise<{ networks: Networks; files: NetworkFiles }> {
  const { unet, file } = await loadUNet(folder, config);
  return orDispose(unet, async () => {
    const { backbone, file: features } = await loadBackbone(folder, config, options);
    return { networks: networksOf(unet, backbone), files: { unet: file, features } };
  });
}
