import { checkOptions } from '@ddad/options';

/** A factor on the base learning rate as a function of the optimizer step, which counts from 1. */
export type LearningRateSchedule = (step: number) => number;

/** Rises linearly to 1 over `steps` steps, then stays. `0` steps: always 1. */
export function warmup(steps: number): LearningRateSchedule {
  if (!(Number.isInteger(steps) && steps >= 0))
    throw new Error(`warmup: needs a whole number of steps, got ${steps}`);
  return (step) => (step >= steps ? 1 : step / steps);
}

export interface CosineOptions {
  /** Length of the whole run, warm-up included. */
  steps: number;
  /** Steps of linear warm-up before. @default 0 */
  warmupSteps?: number;
  /** Factor at the end. @default 0 */
  final?: number;
}

/** Linear warm-up to 1, then half a cosine down to `final` (Loshchilov & Hutter 2017, without restarts). */
export function cosine(options: CosineOptions): LearningRateSchedule {
  checkOptions('cosine', options, { steps: true, warmupSteps: true, final: true });
  const { steps, warmupSteps = 0, final = 0 } = options;
  if (!(steps > warmupSteps && warmupSteps >= 0)) {
    throw new Error(`cosine: needs steps > warmupSteps >= 0, got ${steps} and ${warmupSteps}`);
  }
  const rise = warmup(warmupSteps);
  return (step) => {
    if (step < warmupSteps) return rise(step);
    const progress = Math.min(1, (step - warmupSteps) / (steps - warmupSteps));
    return final + (1 - final) * 0.5 * (1 + Math.cos(Math.PI * progress));
  };
}
