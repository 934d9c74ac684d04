import { checkOptions } from '@ddad/options';
import * as tf from '@tensorflow/tfjs';
import type { Optimizer } from './optimizer.js';
import { inPacks, packed, unpacked } from './packs.js';

export interface AdamOptions {
  /** @default 1e-3 */
  learningRate?: number;
  /** @default [0.9, 0.999] */
  betas?: [number, number];
  /** @default 1e-8 */
  epsilon?: number;
  /** @default 0 for adam, 0.01 for adamW */
  weightDecay?: number;
}

/** Adam (Kingma & Ba 2015) with L2 weight decay added to the gradient: equal to `torch.optim.Adam`. */
export function adam(options: AdamOptions = {}): Optimizer {
  checkOptions('adam', options, { learningRate: true, betas: true, epsilon: true, weightDecay: true });
  const { weightDecay = 0, ...others } = options;
  return adamFamily({ ...others, weightDecay, decoupled: false });
}

/** Adam with decoupled weight decay (Loshchilov & Hutter 2019): equal to `torch.optim.AdamW`. */
export function adamW(options: AdamOptions = {}): Optimizer {
  checkOptions('adamW', options, { learningRate: true, betas: true, epsilon: true, weightDecay: true });
  const { weightDecay = 0.01, ...others } = options;
  return adamFamily({ ...others, weightDecay, decoupled: true });
}

function adamFamily({
  learningRate = 1e-3,
  betas: [beta1, beta2] = [0.9, 0.999],
  epsilon = 1e-8,
  weightDecay,
  decoupled,
}: AdamOptions & { weightDecay: number; decoupled: boolean }): Optimizer {
  const who = decoupled ? 'adamW' : 'adam';
  for (const [name, value] of Object.entries({ learningRate, epsilon, weightDecay })) {
    if (!(value >= 0)) throw new Error(`${who}: needs ${name} >= 0, got ${value}`);
  }
  for (const beta of [beta1, beta2]) {
    if (!(beta >= 0 && beta < 1)) throw new Error(`${who}: needs betas in [0, 1), got ${beta}`);
  }
  return {
    learningRate,
    init(parameters) {
      const state = new Map<string, tf.Variable>();
      for (const moment of ['exp_avg', 'exp_avg_sq']) {
        for (const [name, parameter] of parameters) {
          const zero = tf.zeros(parameter.shape);
          state.set(`${moment}.${name}`, tf.variable(zero, false));
          zero.dispose();
        }
      }
      return state;
    },
    coefficients({ step, learningRate }) {
      if (!(Number.isInteger(step) && step >= 1)) throw new Error(`${who}: steps count from 1, got ${step}`);
      return Float32Array.of(
        learningRate / (1 - beta1 ** step),
        1 / Math.sqrt(1 - beta2 ** step),
        decoupled ? 1 - learningRate * weightDecay : 1,
      );
    },
    update(parameters, gradients, state, coefficients) {
      tf.tidy(() => {
        const [stepSize, correction, keep] = tf
          .split(coefficients, 3)
          .map((t) => tf.reshape(t, []) as tf.Scalar);
        const step = (parameter: tf.Tensor, given: tf.Tensor, m: tf.Tensor, v: tf.Tensor) => {
          const gradient =
            weightDecay > 0 && !decoupled ? tf.add(given, tf.mul(parameter, weightDecay)) : given;
          const newM = tf.add(tf.mul(m, beta1), tf.mul(gradient, 1 - beta1));
          const newV = tf.add(tf.mul(v, beta2), tf.mul(tf.square(gradient), 1 - beta2));
          const denominator = tf.add(tf.mul(tf.sqrt(newV), correction), epsilon);
          const decayed = decoupled && weightDecay > 0 ? tf.mul(parameter, keep) : parameter;
          return [tf.sub(decayed, tf.mul(stepSize, tf.div(newM, denominator))), newM, newV];
        };
        const rows = [...parameters].map(([name, parameter]) => {
          const gradient = gradients.get(name);
          if (!gradient) throw new Error(`${who}: no gradient for ${name}`);
          const moments = [state.get(`exp_avg.${name}`)!, state.get(`exp_avg_sq.${name}`)!];
          return { gradient, assigned: [parameter, ...moments] };
        });
        for (const group of inPacks(rows, ({ gradient }) => gradient.size)) {
          const [parameter, m, v] = [0, 1, 2].map((i) => packed(group.map(({ assigned }) => assigned[i])));
          step(parameter, packed(group.map(({ gradient }) => gradient)), m, v).forEach((value, i) => {
            const variables = group.map(({ assigned }) => assigned[i]);
            unpacked(value, variables).forEach((part, row) => {
              variables[row].assign(part);
            });
          });
        }
      });
    },
  };
}
