import {
  type BackboneOptions,
  type DetectorFiles,
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
import type { TrainingImages } from '../data/training-images.js';
import { differences, identityOf } from './identity.js';
import { findManifest } from './manifest-file.js';
import { ensureMemory, readMemory } from './memory-file.js';
import { pretrainedBackbone } from './pretrained-backbone.js';
import { findWeights, hasAnyWeights, hasWeights, writeWeights } from './weights-file.js';

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
    const { backbone, pretrained } = await pretrainedBackbone(config, options);
    const file = await orDispose(backbone, async () =>
      writeWeights(folder, 'features', 0, {
        stateDict: await backbone.stateDict(),
        architecture,
        pretrained,
      }),
    );
    return { backbone, file };
  }
  const { file, path, bytes } = await findWeights(folder, 'features', config.checkpoint.features);
  const stateDict = await parseWeights(bytes, { name: path, architecture });
  return { backbone: await filledBackbone(config, { name: path, stateDict }, options), file };
}

/**
 * The networks that `checkpoint` chooses, and the memory where the configuration has one; none is left behind where
 * another cannot be had. With a memory there need not be a UNet yet.
 *
 * @param options.images asked for where the memory is to be built
 */
export async function loadChosenNetworks(
  folder: string,
  config: Config,
  { images, ...options }: TaskOptions & BackboneOptions & { images: () => Promise<TrainingImages> },
): Promise<{ networks: Networks; files: DetectorFiles }> {
  const hasMemory = config.memory.vectors > 0;
  const found =
    hasMemory && !(await hasAnyWeights(folder, 'unet')) ? undefined : await loadUNet(folder, config);
  return orDispose({ dispose: () => found?.unet.dispose() }, async () => {
    const { backbone, file: features } = await loadBackbone(folder, config, options);
    return orDispose(backbone, async () => {
      const remembered = hasMemory
        ? ((await namedMemory(folder, config, features)) ??
          (await ensureMemory(folder, { ...options, config, backbone, features, images: await images() })))
        : undefined;
      return {
        networks: networksOf({ unet: found?.unet, backbone, memory: remembered?.memory }),
        files: { unet: found?.file ?? null, features, memory: remembered?.file ?? null },
      };
    });
  });
}

/** The memory that the manifest in `folder` names, where it was made with this extractor under this configuration. */
async function namedMemory(folder: string, config: Config, features: WeightsFile) {
  const manifest = await findManifest(folder);
  if (!manifest?.memory || manifest.features.sha256 !== features.sha256) return undefined;
  const [there, here] = [manifest.config, config].map((each) => identityOf(each, 'memory'));
  if (differences(there, here).length) return undefined;
  return readMemory(folder, manifest.memory.file);
}
