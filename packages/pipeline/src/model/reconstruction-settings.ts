import type { ReconstructOptions } from '@ddad/diffusion';
import type { Config } from '../config/schema.js';
import { buildSchedule } from './schedule.js';

/** How the configuration reconstructs at test time. */
export function reconstructionSettings(
  config: Config,
): Pick<ReconstructOptions, 'w' | 'schedule' | 'start' | 'skip' | 'eta'> {
  const { w, start, skip, eta } = config.model;
  return { w, schedule: buildSchedule(config), start, skip, eta };
}
