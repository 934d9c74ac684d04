import { join } from 'node:path';
import type { UNet } from '@ddad/diffusion';
import type { Backbone } from '@ddad/features';
import type { Config } from '../config/schema.js';
import {
  type BackboneOptions,
  buildBackbone,
  emptyBackbone,
  featuresArchitecture,
} from '../model/build-backbone.js';
import { buildUNet, unetArchitecture } from '../model/build-unet.js';
import { orDispose } from '../model/or-dispose.js';
import type { RunOptions } from '../progress.js';
import { asUserError } from '../user-error.js';
import type { Manifest } from './manifest.js';
import { findWeights, hasWeights, readWeights, type WeightsFile, writeWeights } from './weights-file.js';

/** A network and the file it came from. */
export interface Loaded<N> {
  network: N;
  file: WeightsFile;
}

/** The UNet of `checkpoint.unet` in `folder`. */
export async function loadUNet(folder: string, config: Config): Promise<Loaded<UNet>> {
  const file = await findWeights(folder, 'unet', config.checkpoint.unet);
  const path = join(folder, file.file);
  const stateDict = await readWeights(path, { architecture: unetArchitecture(config) });
  const network = await buildUNet(config);
  await orDispose(network, () => asUserError(() => network.loadStateDict(stateDict), `${path}: `));
  return { network, file };
}

/**
 * The extractor of `checkpoint.features` in `folder`, in evaluation mode. Epoch 0 is the pretrained one, which is
 * written there if it is not yet.
 */
export async function loadBackbone(
  folder: string,
  config: Config,
  run: RunOptions & BackboneOptions = {},
): Promise<Loaded<Backbone>> {
  if (config.checkpoint.features === 0 && !(await hasWeights(folder, 'features', 0))) {
    const network = await buildBackbone(config, run);
    const architecture = featuresArchitecture(config);
    const file = await orDispose(network, async () =>
      writeWeights(folder, 'features', 0, { stateDict: await network.stateDict(), architecture }),
    );
    return { network, file };
  }
  const file = await findWeights(folder, 'features', config.checkpoint.features);
  const path = join(folder, file.file);
  const stateDict = await readWeights(path, { architecture: featuresArchitecture(config) });
  const network = await emptyBackbone(config, run);
  await orDispose(network, () =>
    asUserError(() => network.loadStateDict(stateDict, { strict: true }), `${path}: `),
  );
  network.train(false);
  return { network, file };
}

/** Both of them; neither is left behind where the other cannot be had. */
export async function loadNetworks(
  folder: string,
  config: Config,
  run: RunOptions & BackboneOptions = {},
): Promise<{ unet: Loaded<UNet>; backbone: Loaded<Backbone> }> {
  const unet = await loadUNet(folder, config);
  return orDispose(unet.network, async () => ({ unet, backbone: await loadBackbone(folder, config, run) }));
}

/** A manifest of these weights, without calibration or threshold. */
export function newManifest(
  config: Config,
  { unet, features }: { unet: WeightsFile; features: WeightsFile },
): Manifest {
  const { imageSize, channels, fit } = config.data;
  return {
    format: 'ddad-detector',
    version: 1,
    config,
    transforms: { size: [imageSize, imageSize], channels, fit, method: 'bilinear', range: [-1, 1] },
    unet,
    features,
    calibration: null,
    threshold: null,
  };
}
