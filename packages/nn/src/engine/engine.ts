import type { Precision } from 'tfjs-backend-ort';

/** A way to compute that can be chosen by name. */
export interface Engine {
  /** Package that must be installed beside this one. */
  needs?: string;
  /**
   * Makes the engine tfjs's backend. `threads`: of the processor; null lets the engine choose. `precision`: engines that have
   * float32 alone take that.
   */
  start(threads: number | null, precision: Precision): Promise<void>;
  /** Names what the engine computes on, once it runs. */
  device(): Promise<string>;
  /** What to do where it is installed and does not work. */
  remedy: string;
}
