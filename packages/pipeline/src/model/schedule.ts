import { linearSchedule, type Schedule } from '@ddad/diffusion';
import type { Config } from '../config/schema.js';

/** The configuration's noise schedule. */
export function buildSchedule({ model }: Config): Schedule {
  return linearSchedule({ steps: model.steps, betaStart: model.betaStart, betaEnd: model.betaEnd });
}
