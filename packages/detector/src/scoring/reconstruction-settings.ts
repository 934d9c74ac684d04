import { linearSchedule, type ReconstructOptions, type Schedule } from '@ddad/diffusion';
import type { Config } from '../config.js';

/**
 * Steps of the fast reconstructions, and where they start as a share of `model.start`. Measured for what they cost in
 * AUROC by bench/few-step.
 */
const fastReconstructions = {
  'few-step': { steps: 3, start: 0.6 },
  'one-step': { steps: 1, start: 0.2 },
} as const;

/** The configuration's noise schedule. */
export function buildSchedule({ model }: Config): Schedule {
  return linearSchedule({ steps: model.steps, betaStart: model.betaStart, betaEnd: model.betaEnd });
}

/** How the configuration reconstructs; `w` is that of test time. */
export function reconstructionSettings(
  config: Config,
): Pick<ReconstructOptions, 'w' | 'schedule' | 'start' | 'skip' | 'steps' | 'eta' | 'levels'> {
  const { w, start, skip, eta, reconstruction, levels } = config.model;
  const schedule = buildSchedule(config);
  if (reconstruction === 'full') return { w, schedule, start, skip, eta };
  if (reconstruction === 'mean') return { w, schedule, levels };
  const fast = fastReconstructions[reconstruction];
  const from = Math.max(fast.steps, Math.round(fast.start * start));
  return { w, schedule, start: from, steps: fast.steps, eta };
}
