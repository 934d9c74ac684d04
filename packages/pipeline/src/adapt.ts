import { join } from 'node:path';
import { createReconstructor } from '@ddad/diffusion';
import { adaptFeatures } from '@ddad/features';
import { adamW } from '@ddad/nn';
import type * as tf from '@tensorflow/tfjs';
import { readAdaptationState, writeAdaptationState } from './checkpoint/adaptation-state.js';
import { loadUNet } from './checkpoint/assemble.js';
import { ensureManifest } from './checkpoint/ensure-manifest.js';
import { checkpointFolder } from './checkpoint/folders.js';
import { findWeights, writeWeights } from './checkpoint/weights-file.js';
import { loadConfig } from './config/load-config.js';
import type { Config, ConfigInput } from './config/schema.js';
import { openData } from './data/open-data.js';
import { epochBatches } from './data/training-batches.js';
import { trainingImages } from './data/training-images.js';
import { startEngine } from './engine.js';
import { InterruptedError } from './interrupted-error.js';
import { removeAbandoned } from './io/remove-abandoned.js';
import { checkWritable } from './io/write-atomic.js';
import { type BackboneOptions, buildBackbone, featuresArchitecture } from './model/build-backbone.js';
import { orDispose } from './model/or-dispose.js';
import { reconstructionSettings } from './model/reconstruction-settings.js';
import { createScorer } from './model/scorer.js';
import type { RunOptions } from './progress.js';
import { UserError } from './user-error.js';

export interface AdaptOptions extends RunOptions, BackboneOptions {
  /**
   * Continue after the last epoch saved in the checkpoint folder, bit for bit; from the beginning, with a notice,
   * where there is none or it was adapted to another UNet. @default false
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
  const resolved = loadConfig(config, options);
  const { resume = false, onProgress, onNotice, signal } = options;
  const began = performance.now();
  const folder = checkpointFolder(resolved);
  const dataset = await openData(resolved);
  await checkWritable(folder);
  await removeAbandoned(folder);
  const images = (await trainingImages(dataset, resolved, options)).training;
  const engine = await startEngine(resolved, options);
  const { network: unet, file: unetFile } = await loadUNet(folder, resolved);
  const backbone = await orDispose(unet, () => buildBackbone(resolved, options));
  const reconstruct = createReconstructor(unet);
  const scorer = createScorer(resolved, { unet, backbone, engine });
  try {
    const { epochs, batchSize, w, lambda, learningRate, weightDecay } = resolved.adaptation;
    const reconstruction = reconstructionSettings(resolved);
    const architecture = featuresArchitecture(resolved);
    const identity = { settings: adaptationSettings(resolved), unet: unetFile.sha256 };
    const snapshot = resume ? await readAdaptationState(folder, identity) : undefined;
    if (resume && !snapshot && epochs > 0) {
      onNotice?.(`no adaptation to this UNet to resume in ${folder}: adapting from the beginning`);
    }
    if (snapshot && snapshot.progress.epoch > epochs) {
      throw new UserError(
        `--resume: the adaptation saved in ${folder} is at epoch ${snapshot.progress.epoch}, beyond ` +
          `adaptation.epochs ${epochs}; choose an earlier one by checkpoint.features, or adapt without --resume`,
      );
    }
    const perEpoch = Math.max(1, Math.floor(images.length / Math.min(batchSize, images.length)));
    if (!snapshot) {
      await writeWeights(folder, 'features', 0, { stateDict: await backbone.stateDict(), architecture });
      await writeAdaptationState(folder, undefined, identity);
    }
    const result = await adaptFeatures({
      backbone,
      reconstruct: (input: tf.Tensor4D, target: tf.Tensor4D) =>
        reconstruct(input, { target, ...reconstruction, w, signal }),
      batches: epochBatches(images, { config: resolved, batchSize }),
      epochs,
      lambda,
      optimizer: adamW({ learningRate, weightDecay }),
      signal,
      onProgress: ({ step, loss }) =>
        onProgress?.({ phase: 'adapt', done: step, total: epochs * perEpoch, loss }),
      checkpoint: {
        save: async (snapshot) => {
          const { backbone: stateDict, progress } = snapshot;
          await writeWeights(folder, 'features', progress.epoch, { stateDict, architecture });
          await writeAdaptationState(folder, snapshot, identity);
        },
      },
      resume: snapshot,
    });
    if (result.interrupted) {
      throw new InterruptedError(
        `interrupted after ${result.epoch} of ${epochs} adaptation epochs; continue with --resume`,
      );
    }
    const file = await findWeights(folder, 'features', result.epoch);
    await ensureManifest(folder, {
      onProgress,
      onNotice,
      signal,
      config: resolved,
      unet: unetFile,
      features: file,
      scorer,
      dataset,
    });
    const seconds = (performance.now() - began) / 1000;
    return { epochs, loss: result.loss, checkpoint: join(folder, file.file), seconds };
  } finally {
    scorer.dispose();
    reconstruct.dispose();
    unet.dispose();
    backbone.dispose?.();
  }
}

/** Everything the course of an adaptation depends on beside the UNet, whatever its length. */
function adaptationSettings(config: Config): string {
  const { data, model, features, adaptation, scoring, seed } = config;
  const { batchSize, w, lambda, learningRate, weightDecay } = adaptation;
  return JSON.stringify([
    features,
    [data.kind, data.root, data.category, data.fit, scoring.holdBack],
    [model.reconstruction, model.start, model.skip, model.eta],
    [batchSize, w, lambda, learningRate, weightDecay],
    seed,
  ]);
}
