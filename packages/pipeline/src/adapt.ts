import { join } from 'node:path';
import {
  type BackboneOptions,
  checkOptions,
  createRepairer,
  createScorer,
  featuresArchitecture,
  InterruptedError,
  networksOf,
  orDispose,
  reconstructionSettings,
  type Scorer,
  type TaskOptions,
  taskKeys,
  UserError,
  type WeightsFile,
} from '@ddad/detector';
import { adaptFeatures } from '@ddad/features';
import { adamW } from '@ddad/nn';
import type * as tf from '@tensorflow/tfjs';
import { readAdaptationState, writeAdaptationState } from './checkpoint/adaptation-state.js';
import { ensureManifest } from './checkpoint/ensure-manifest.js';
import { identityOf } from './checkpoint/identity.js';
import { loadUNet } from './checkpoint/load-networks.js';
import { ensureMemory } from './checkpoint/memory-file.js';
import { findWeights, writeWeights } from './checkpoint/weights-file.js';
import { type Workspace, withWorkspace } from './checkpoint/workspace.js';
import { loadConfig } from './config/load-config.js';
import type { ConfigInput } from './config/schema.js';
import { epochBatches } from './data/training-batches.js';

export interface AdaptOptions extends TaskOptions, BackboneOptions {
  /**
   * Continue after the last epoch saved in the checkpoint folder, bit for bit; on other images, or with another
   * `data.roi`, with a notice; from the beginning, with a notice, where there is none or it was adapted to another
   * UNet. @default false
   */
  resume?: boolean;
}

export interface AdaptResult {
  /** 0 leaves the pretrained extractor as it is. */
  epochs: number;
  /** Of the last step; NaN if there was none. */
  loss: number;
  /** Path of the extractor's weights. */
  checkpoint: string;
  seconds: number;
}

/**
 * Adapts the extractor to the trained UNet's reconstructions, then calibrates the detector. Leaves
 * `features-<epoch>.safetensors` of every epoch, the state to resume from and `detector.json` in the checkpoint
 * folder.
 *
 * @throws {UserError} no trained UNet, missing data or weights, an unwritable folder, a state of other settings
 * @throws {InterruptedError} `signal` was fired; epochs that were completed are saved
 */
export async function adapt(config: ConfigInput | string, options: AdaptOptions = {}): Promise<AdaptResult> {
  checkOptions('adapt', options, { ...taskKeys, backbone: true, resume: true });
  const resolved = loadConfig(config, { onNotice: options.onNotice });
  return withWorkspace(resolved, options, (workspace) => adaptIn(workspace, options));
}

/** {@link adapt} in a workspace, which keeps the networks for the next step. */
export async function adaptIn(
  workspace: Workspace,
  { resume = false, onProgress, onNotice, signal }: AdaptOptions,
): Promise<AdaptResult> {
  const { config, folder } = workspace;
  const began = performance.now();
  await workspace.dataset();
  await workspace.claim();
  const images = await workspace.images();
  const engine = await workspace.engine();
  const { unet, file: unetFile } = await loadUNet(folder, config);
  const { backbone, pretrained } = await orDispose(unet, () => workspace.takePretrained());
  let networks = networksOf({ unet, backbone });
  let scorer: Scorer | undefined;
  const repair = createRepairer(unet, config);
  try {
    const { epochs, batchSize, w, lambda, learningRate, weightDecay } = config.adaptation;
    const reconstruction = reconstructionSettings(config);
    const architecture = featuresArchitecture(config);
    const identity = {
      settings: identityOf(config, 'adaptation'),
      unet: unetFile.sha256,
      images: images.hash,
    };
    const saved = resume ? await readAdaptationState(folder, identity) : undefined;
    const snapshot = saved?.snapshot;
    if (resume && !snapshot && epochs > 0) {
      onNotice?.(`no adaptation to this UNet to resume in ${folder}: adapting from the beginning`);
    }
    if (snapshot && snapshot.progress.epoch > epochs) {
      throw new UserError(
        `the adaptation saved in ${folder} is at epoch ${snapshot.progress.epoch}, beyond adaptation.epochs ${epochs}`,
        {
          code: 'training',
          remedy: 'choose an earlier one by checkpoint.features, or adapt without the option resume',
        },
      );
    }
    if (saved?.images !== undefined && saved.images !== images.hash) {
      onNotice?.(
        `the adaptation in ${folder} began on other images, or with another data.roi: epochs after the ${saved.snapshot.progress.epoch} ` +
          'that are done learn from these; without the option resume it adapts anew',
      );
    }
    const count = images.training.length;
    const perEpoch = Math.max(1, Math.floor(count / Math.min(batchSize, count)));
    let written: WeightsFile | undefined;
    if (!snapshot) {
      written = await writeWeights(folder, 'features', 0, {
        stateDict: await backbone.stateDict(),
        architecture,
        pretrained,
      });
      await writeAdaptationState(folder, undefined, identity);
    }
    const result = await adaptFeatures({
      backbone,
      reconstruct: (input: tf.Tensor4D, target: tf.Tensor4D) =>
        repair(input, { target, ...reconstruction, w, signal }),
      batches: epochBatches(images.training, { config, batchSize, masks: images.trainingMasks }),
      channels: config.data.channels,
      epochs,
      lambda,
      optimizer: adamW({ learningRate, weightDecay }),
      signal,
      onProgress: ({ step, loss }) =>
        onProgress?.({ phase: 'adapt', done: step, total: epochs * perEpoch, loss }),
      checkpoint: {
        save: async (snapshot) => {
          workspace.checkClaim();
          const { backbone: stateDict, progress } = snapshot;
          written = await writeWeights(folder, 'features', progress.epoch, {
            stateDict,
            architecture,
            pretrained,
          });
          await writeAdaptationState(folder, snapshot, identity);
        },
      },
      resume: snapshot,
    });
    if (result.interrupted) {
      throw new InterruptedError(`interrupted after ${result.epoch} of ${epochs} adaptation epochs`, {
        remedy: 'option resume continues it',
      });
    }
    const features = written ?? (await findWeights(folder, 'features', result.epoch)).file;
    const remembered =
      config.memory.vectors > 0
        ? await ensureMemory(folder, { onProgress, signal, config, backbone, features, images })
        : undefined;
    networks = networksOf({ unet, backbone, memory: remembered?.memory });
    scorer = createScorer(config, { networks, engine });
    const files = { unet: unetFile, features, memory: remembered?.file ?? null };
    await ensureManifest(folder, {
      onProgress,
      onNotice,
      signal,
      config,
      files,
      scorer,
      images: () => workspace.images(),
    });
    workspace.keep({ networks, files, scorer });
    const checkpoint = join(folder, features.file);
    return { epochs, loss: result.loss, checkpoint, seconds: (performance.now() - began) / 1000 };
  } catch (error) {
    scorer?.dispose();
    networks.dispose();
    throw error;
  } finally {
    repair.dispose();
  }
}
