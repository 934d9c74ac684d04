import { checkOptions } from '@ddad/options';

/** Noise levels of a diffusion process. */
export interface Schedule {
  /** T, the number of time steps. */
  readonly steps: number;
  /** `beta[t]`, t = 0..T-1: computed in float64, stored as float32. */
  readonly betas: Float32Array;
  /** `alphaBar(t) = prod_{s<=t} (1 - beta[s])`, t = -1..T-1, float32; `alphaBar(-1)` is 1: no noise. */
  alphaBar(t: number): number;
}

export interface LinearScheduleOptions {
  /** @default 1000 */
  steps?: number;
  /** @default 1e-4 */
  betaStart?: number;
  /** @default 0.02 */
  betaEnd?: number;
}

/** The linear schedule of DDPM (Ho et al. 2020), as DDAD uses it. */
export function linearSchedule(options: LinearScheduleOptions = {}): Schedule {
  checkOptions('linearSchedule', options, { steps: true, betaStart: true, betaEnd: true });
  const { steps = 1000, betaStart = 1e-4, betaEnd = 0.02 } = options;
  if (!(Number.isInteger(steps) && steps >= 2)) {
    throw new Error(`linearSchedule: needs at least 2 whole steps, got ${steps}`);
  }
  if (!(betaStart > 0 && betaStart <= betaEnd && betaEnd < 1)) {
    throw new Error(`linearSchedule: needs 0 < betaStart <= betaEnd < 1, got ${betaStart} and ${betaEnd}`);
  }
  const betas = Float32Array.from(
    { length: steps },
    (_, t) => betaStart + ((betaEnd - betaStart) * t) / (steps - 1),
  );
  // index t + 1 is step t; a float32 product of float32 betas, as in the reference
  const alphaBars = new Float32Array(steps + 1).fill(1);
  for (let t = 0; t < steps; t++) alphaBars[t + 1] = alphaBars[t] * Math.fround(1 - betas[t]);
  return {
    steps,
    betas,
    alphaBar(t) {
      if (!(Number.isInteger(t) && t >= -1 && t < steps)) {
        throw new Error(`alphaBar: needs a whole t in -1..${steps - 1}, got ${t}`);
      }
      return alphaBars[t + 1];
    },
  };
}
