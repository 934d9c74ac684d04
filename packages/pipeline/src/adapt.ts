import { join } from 'node:path';
import { createReconstructor } from '@ddad/diffusion';
import { adaptFeatures } from '@ddad/features';
import { adamW } from '@ddad/nn';
import type * as tf from '@tensorflow/tfjs';
import { loadUNet } from './checkpoint/assemble.js';
import { ensureManifest } from './checkpoint/ensure-manifest.js';
import { checkpointFolder } from './checkpoint/folders.js';
import { removeLaterWeights, writeWeights } from './checkpoint/weights-file.js';
import { loadConfig } from './config/load-config.js';
import type { ConfigInput } from './config/schema.js';
import { openData } from './data/open-data.js';
import { epochBatches } from './data/training-batches.js';
import { trainingImages } from './data/training-images.js';
import { startEngine } from './engine.js';
import { InterruptedError } from './interrupted-error.js';
import { checkWritable } from './io/write-atomic.js';
import { buildBackbone, featuresArchitecture } from './model/build-backbone.js';
import { buildSchedule } from './model/schedule.js';
import { createScorer } from './model/scorer.js';
import type { RunOptions } from './progress.js';

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
 * `features-<epoch>.safetensors` and `detector.json` in the checkpoint folder.
 *
 * @throws {UserError} no trained UNet, missing data or weights, an unwritable folder
 * @throws {InterruptedError} `signal` was fired; epochs that were completed are saved
 */
export async function adapt(config: ConfigInput | string, options: RunOptions = {}): Promise<AdaptResult> {
  const resolved = loadConfig(config, options);
  const { onProgress, signal } = options;
  const began = performance.now();
  const folder = checkpointFolder(resolved);
  const dataset = await openData(resolved);
  await checkWritable(folder);
  const images = (await trainingImages(dataset, resolved, options)).training;
  const engine = await startEngine(resolved, options);
  const { network: unet, file: unetFile } = await loadUNet(folder, resolved);
  const backbone = await buildBackbone(resolved, options);
  const reconstruct = createReconstructor(unet);
  const scorer = createScorer(resolved, { unet, backbone, engine });
  try {
    const { epochs, batchSize, w, lambda, learningRate, weightDecay } = resolved.adaptation;
    const { start, skip, eta } = resolved.model;
    const schedule = buildSchedule(resolved);
    const architecture = featuresArchitecture(resolved);
    const perEpoch = Math.max(1, Math.floor(images.length / Math.min(batchSize, images.length)));
    let file = await writeWeights(folder, 'features', 0, {
      stateDict: await backbone.stateDict(),
      architecture,
    });
    const result = await adaptFeatures({
      backbone,
      reconstruct: (input: tf.Tensor4D, target: tf.Tensor4D) =>
        reconstruct(input, { target, w, schedule, start, skip, eta, signal }),
      batches: epochBatches(images, { config: resolved, batchSize }),
      epochs,
      lambda,
      optimizer: adamW({ learningRate, weightDecay }),
      signal,
      onProgress: ({ step, loss }) =>
        onProgress?.({ phase: 'adapt', done: step, total: epochs * perEpoch, loss }),
      checkpoint: {
        save: async ({ backbone: stateDict, progress }) => {
          file = await writeWeights(folder, 'features', progress.epoch, { stateDict, architecture });
        },
      },
    });
    if (result.interrupted) {
      throw new InterruptedError(
        `interrupted after ${result.epoch} of ${epochs} adaptation epochs; run \`ddad adapt\` again`,
      );
    }
    await ensureManifest(folder, {
      ...options,
      config: resolved,
      unet: unetFile,
      features: file,
      scorer,
      dataset,
    });
    await removeLaterWeights(folder, 'features', file.epoch);
    const seconds = (performance.now() - began) / 1000;
    return { epochs, loss: result.loss, checkpoint: join(folder, file.file), seconds };
  } finally {
    scorer.dispose();
    reconstruct.dispose();
    unet.dispose();
    backbone.dispose?.();
  }
}
