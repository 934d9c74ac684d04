import type { DenoisingScalars } from './denoise.js';
import type { Schedule } from './linear-schedule.js';
import type { ReconstructionSettings } from './reconstruction-settings.js';
import { evenly, everySkip } from './timesteps.js';

/** What `denoise` is given at a time step. */
export interface DenoisingStep {
  t: number;
  scalars: DenoisingScalars<number>;
}

/** The steps of Algorithm 1, in their order. */
export function denoisingSteps({
  w,
  schedule,
  start = 250,
  skip = 25,
  steps,
  eta = 1,
}: Omit<ReconstructionSettings, 'levels'>): DenoisingStep[] {
  const times = steps === undefined ? everySkip(start, skip) : evenly(start, steps);
  return times.map((t, index) => {
    const tNext = times[index + 1] ?? -1;
    const alphaBar = schedule.alphaBar(t);
    const nextAlphaBar = schedule.alphaBar(tNext);
    // sigma_t = eta sqrt((1 - alphaBar_{t-1}) / (1 - alphaBar_t)) sqrt(1 - alphaBar_t / alphaBar_{t-1})
    const c1 = eta * Math.sqrt(((1 - alphaBar / nextAlphaBar) * (1 - nextAlphaBar)) / (1 - alphaBar));
    const c2 = Math.sqrt(1 - nextAlphaBar - c1 * c1);
    const pull = steps === undefined ? w : fewStepWeight(w, { alphaBar, isLast: tNext === -1 });
    return {
      t,
      scalars: [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar), pull, Math.sqrt(nextAlphaBar), c1, c2],
    };
  });
}

/** The step that predicts the clean image at once: no pull, and nothing but f_theta. */
export function meanStep(t: number, schedule: Schedule): DenoisingStep {
  const alphaBar = schedule.alphaBar(t);
  return { t, scalars: [Math.sqrt(alphaBar), Math.sqrt(1 - alphaBar), 0, 1, 0, 0] };
}

/**
 * A step moves the predicted image by `w (1 - alphaBar)` of its way to the target. Over many small steps that settles;
 * in few it must not overshoot, and in the last it would only give back a part of the anomaly.
 */
function fewStepWeight(w: number, { alphaBar, isLast }: { alphaBar: number; isLast: boolean }): number {
  return isLast ? 0 : Math.min(w, 1 / (1 - alphaBar));
}
