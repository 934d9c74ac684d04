import * as tf from '@tensorflow/tfjs';

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

/** `average = decay average + (1 - decay) parameter`; can run inside `compile`. */
export function updateEma(
  average: ReadonlyMap<string, tf.Variable>,
  parameters: ReadonlyMap<string, tf.Variable>,
  decay: number,
): void {
  if (!(decay >= 0 && decay < 1)) throw new Error(`updateEma: needs a decay in [0, 1), got ${decay}`);
  tf.tidy(() => {
    for (const [name, parameter] of parameters) {
      const mean = average.get(name);
      if (!mean) throw new Error(`updateEma: no average for ${name}`);
      mean.assign(tf.add(tf.mul(mean, decay), tf.mul(parameter, 1 - decay)));
    }
  });
}
