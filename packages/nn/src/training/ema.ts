import * as tf from '@tensorflow/tfjs';
import { inPacks, packed, unpacked } from './packs.js';

/** Copies of the parameters, to be averaged into by {@link updateEma}. */
export function initEma(parameters: ReadonlyMap<string, tf.Variable>): Map<string, tf.Variable> {
  const average = new Map<string, tf.Variable>();
  for (const [name, parameter] of parameters) {
    const copy = parameter.clone();
    average.set(name, tf.variable(copy, false));
    copy.dispose();
  }
  return average;
}

/**
 * `average = decay average + (1 - decay) parameter`; can run inside `compile`.
 *
 * @param decay in [0, 1): a number, or a scalar tensor where it changes from step to step
 */
export function updateEma(
  average: ReadonlyMap<string, tf.Variable>,
  parameters: ReadonlyMap<string, tf.Variable>,
  decay: number | tf.Scalar,
): void {
  if (typeof decay === 'number' && !(decay >= 0 && decay < 1)) {
    throw new Error(`updateEma: needs a decay in [0, 1), got ${decay}`);
  }
  tf.tidy(() => {
    const rest = tf.sub(1, decay);
    const rows = [...parameters].map(([name, parameter]) => {
      const mean = average.get(name);
      if (!mean) throw new Error(`updateEma: no average for ${name}`);
      return { mean, parameter };
    });
    for (const group of inPacks(rows, ({ parameter }) => parameter.size)) {
      const means = group.map(({ mean }) => mean);
      const parameter = packed(group.map((row) => row.parameter));
      const value = tf.add(tf.mul(packed(means), decay), tf.mul(parameter, rest));
      unpacked(value, means).forEach((part, i) => {
        means[i].assign(part);
      });
    }
  });
}

/**
 * The decay at optimizer step `step` (from 1): `min(decay, (1 + step) / (10 + step))`, so that an average does not
 * cling to the random weights it began with.
 */
export function emaDecay(decay: number, step: number): number {
  return Math.min(decay, (1 + step) / (10 + step));
}
