import type { Schedule } from './linear-schedule.js';

/** What decides how an image is reconstructed. */
export interface ReconstructionSettings {
  /** Strength of the conditioning; 0: none. */
  w: number;
  schedule: Schedule;
  /** T', the noise level to start from, 1..T-1. @default 250 */
  start?: number;
  /** Distance of the time steps visited. @default 25 */
  skip?: number;
  /**
   * Visits so many evenly spaced time steps instead, from `start` down to `start / steps`: the first is the noise level
   * that `x` was brought to (Algorithm 1 starts one `skip` below it), and from the last the clean image is predicted at
   * once. The pull towards the target grows to no more than all of the way in a step, and is left out of the last
   * one. For reconstructions in one to five steps; not with `skip`.
   */
  steps?: number;
  /**
   * Predicts the clean image at once from each of these noise levels (1..T-1), each with noise of its own, and takes the
   * mean. The target has no part in it. Not with `start`, `skip`, `steps`.
   */
  levels?: readonly number[];
  /** Stochasticity: 1 as DDPM, 0 deterministic (DDIM). @default 1 */
  eta?: number;
}
