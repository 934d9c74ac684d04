import {
  adamW,
  assignVariables,
  type BatchSource,
  batchesOf,
  compileStep,
  type Optimizer,
  readVariables,
} from '@ddad/nn';
import { checkOptions } from '@ddad/options';
import type { StateDict } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { adaptationLoss } from './adaptation-loss.js';
import type { Backbone } from './backbone.js';
import { frozenCopy } from './frozen-copy.js';
import { untilAborted } from './until-aborted.js';

/** Where an adaptation stands after an epoch: enough to go on. */
export interface AdaptationSnapshot {
  backbone: StateDict;
  optimizer: StateDict;
  /** Optimizer steps and epochs done. */
  progress: { step: number; epoch: number };
}

export interface AdaptFeaturesOptions {
  /** Adapted in place; left in evaluation mode. Start it with pretrained weights: they are what it stays close to. */
  backbone: Backbone;
  /** Reconstructs `input` conditioned on `target`, both [n, h, w, 3]; the caller of it disposes the result. */
  reconstruct: (input: tf.Tensor4D, target: tf.Tensor4D) => Promise<tf.Tensor4D>;
  /** Batches [n, h, w, 3] in [-1, 1]; the first half of each is the target, the second the input. */
  batches: BatchSource;
  /**
   * Channels of an image, where batches have one more: above 0 where a target counts. Elsewhere the target itself takes the
   * reconstruction's place, so that F learns nothing of it. @default those of a batch
   */
  channels?: number;
  /** 0 changes nothing. */
  epochs: number;
  /** Weight of staying close to the pretrained extractor. @default 0.1 */
  lambda?: number;
  /** @default 1e-4 */
  learningRate?: number;
  /** @default adamW({ learningRate, weightDecay: 0.01 }), the paper's */
  optimizer?: Optimizer;
  onProgress?: (progress: { step: number; epoch: number; epochs: number; loss: number }) => void;
  /** Ends the adaptation after the step under way; `reconstruct` may throw once it is fired. */
  signal?: AbortSignal;
  /** Called after each epoch. */
  checkpoint?: { save: (snapshot: AdaptationSnapshot) => void | Promise<void> };
  /** Continue after the epoch of this snapshot. `backbone` must hold the pretrained weights, as at first. */
  resume?: AdaptationSnapshot;
}

export interface AdaptationResult {
  step: number;
  epoch: number;
  /** Of the last step; NaN if none was done. */
  loss: number;
  interrupted: boolean;
}

/**
 * Adapts an extractor to reconstructions (paper, section 3.3): F learns to see a reconstruction and its target as
 * the same, while it stays close to its frozen copy F0. No gradient runs through the reconstruction.
 *
 * @throws if a loss or a gradient is not finite (the message has the step; such a step changes no weight), or a batch
 * holds a single image
 */
export async function adaptFeatures(options: AdaptFeaturesOptions): Promise<AdaptationResult> {
  checkOptions('adaptFeatures', options, {
    backbone: true,
    reconstruct: true,
    batches: true,
    channels: true,
    epochs: true,
    lambda: true,
    learningRate: true,
    optimizer: true,
    onProgress: true,
    signal: true,
    checkpoint: true,
    resume: true,
  });
  const {
    backbone,
    reconstruct,
    batches,
    channels: imageChannels,
    epochs,
    lambda = 0.1,
    learningRate = 1e-4,
    optimizer = adamW({ learningRate, weightDecay: 0.01 }),
    onProgress,
    signal,
    checkpoint,
    resume,
  } = options;
  if (!(Number.isInteger(epochs) && epochs >= 0)) {
    throw new Error(`adaptFeatures: needs whole epochs >= 0, got ${epochs}`);
  }
  const frozen = frozenCopy(backbone);
  const parameters = new Map(backbone.parameters.map((variable, i) => [String(i), variable]));
  const state = optimizer.init(parameters);
  const position = { step: 0, epoch: 0, ...resume?.progress };
  const step = compileStep(
    (reconstruction: tf.Tensor4D, target: tf.Tensor4D, coefficients: tf.Tensor1D) => {
      const before = new Map([target, reconstruction].map((x) => [x, frozen.features(x)]));
      const { value, grads } = tf.variableGrads(
        () =>
          adaptationLoss(backbone, { features: (x) => before.get(x)! }, { reconstruction, target, lambda }),
        [...parameters.values()],
      );
      const gradients = new Map([...parameters].map(([name, variable]) => [name, grads[variable.name]]));
      optimizer.update(parameters, gradients, state, coefficients);
      return { loss: value, gradients };
    },
    { who: 'adaptFeatures' },
  );

  let loss = Number.NaN;
  try {
    if (resume) {
      await backbone.loadStateDict(resume.backbone, { strict: true });
      assignVariables(state, resume.optimizer, { who: 'adaptFeatures' });
    }
    backbone.train(true);
    while (position.epoch < epochs && !signal?.aborted) {
      for await (const { batch } of batchesOf(batches, { epoch: position.epoch })) {
        const [n, h, w, all] = batch.shape;
        const channels = imageChannels ?? all;
        const half = Math.floor(n / 2);
        if (half === 0) throw new Error('adaptFeatures: needs batches of at least 2 images, got 1');
        const part = (from: number, channel: number, count: number) =>
          tf.slice(batch, [from, 0, 0, channel], [half, h, w, count]);
        const [target, input] = [part(0, 0, channels), part(half, 0, channels)];
        const counts = all > channels ? part(0, channels, 1) : undefined;
        const coefficients = tf.tensor1d(
          optimizer.coefficients({ step: position.step + 1, learningRate: optimizer.learningRate }),
        );
        const made: tf.Tensor[] = [target, input, coefficients, ...(counts ? [counts] : [])];
        try {
          const reconstruction = await untilAborted(() => reconstruct(input, target), signal);
          if (!reconstruction) break;
          made.push(reconstruction);
          const judged = counts ? reconstructedWhere(counts, { reconstruction, target }) : reconstruction;
          made.push(judged);
          loss = await step(position.step + 1, judged, target, coefficients);
        } finally {
          tf.dispose(made);
        }
        position.step++;
        onProgress?.({ step: position.step, epoch: position.epoch, epochs, loss });
        if (signal?.aborted) break;
      }
      if (signal?.aborted) break;
      position.epoch++;
      await checkpoint?.save({
        backbone: await backbone.stateDict(),
        optimizer: await readVariables(state),
        progress: { ...position },
      });
    }
  } finally {
    backbone.train(false);
    step.dispose();
    tf.dispose([...state.values()]);
    frozen.dispose();
  }
  return { ...position, loss, interrupted: position.epoch < epochs };
}

/** The reconstruction where `counts`, [n, h, w, 1], is above 0, the target elsewhere. */
function reconstructedWhere(
  counts: tf.Tensor4D,
  { reconstruction, target }: { reconstruction: tf.Tensor4D; target: tf.Tensor4D },
): tf.Tensor4D {
  return tf.tidy(() => tf.where(tf.greater(counts, 0), reconstruction, target));
}
