import * as tf from '@tensorflow/tfjs';
import { gauss } from './hash.js';

/**
 * |(difference quotient) - <gradient, direction>| / |gradient|. A gradient of less than a thousandth of the loss counts
 * as that much, since a float32 loss tells no finer.
 */
export interface GradientCheck {
  /** Along the gradient itself: shows a wrong component, however small the step. */
  along: number;
  /** Along a standard normal direction: shows a missing one; coarser, since the step crosses kinks. */
  across: number;
}

/**
 * Compares the gradient to each parameter with central differences of the loss, at steps that change it by some
 * hundred thousandths of itself: above float32's noise, below most kinks.
 */
export async function checkGradients(
  parameters: ReadonlyMap<string, tf.Variable>,
  loss: () => tf.Scalar,
): Promise<Map<string, GradientCheck>> {
  const value = async (): Promise<number> => {
    const tensor = tf.tidy(loss);
    const [number] = await tensor.data();
    tensor.dispose();
    return number;
  };
  const { value: start, grads } = tf.variableGrads(loss, [...parameters.values()]);
  const [startLoss] = await start.data();
  const checks = new Map<string, GradientCheck>();
  for (const [name, parameter] of parameters) {
    const gradient = await grads[parameter.name].data<'float32'>();
    const base = (await parameter.data<'float32'>()).slice();
    const norm = Math.sqrt(dot(gradient, gradient));
    const scale = Math.max(norm, 1e-3 * Math.abs(startLoss));
    const at = async (direction: ArrayLike<number>, distance: number): Promise<number> => {
      tf.tidy(() => {
        const moved = base.map((x, i) => x + distance * direction[i]);
        parameter.assign(tf.tensor(moved, parameter.shape));
      });
      return value();
    };
    const error = async (
      direction: ArrayLike<number>,
      change: number,
      largestStep: number,
    ): Promise<number> => {
      const step = Math.min(largestStep, (change * Math.abs(startLoss)) / scale);
      const quotient = ((await at(direction, step)) - (await at(direction, -step))) / (2 * step);
      return Math.abs(quotient - dot(gradient, direction)) / scale;
    };
    checks.set(name, {
      along: await error(
        gradient.map((g) => g / (norm || 1)),
        5e-5,
        0.1,
      ),
      across: await error(gauss(`direction of ${name}`, parameter.shape), 3e-5, 1e-3),
    });
    tf.tidy(() => parameter.assign(tf.tensor(base, parameter.shape)));
  }
  tf.dispose([start, ...Object.values(grads)]);
  return checks;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
