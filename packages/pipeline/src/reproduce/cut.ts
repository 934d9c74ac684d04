import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Config } from '../config/schema.js';
import { writeAtomic } from '../io/write-atomic.js';
import { trainingCost } from '../training/training-cost.js';
import { cellFiles } from './cell-folder.js';
import { type Counts, estimate, total } from './estimate.js';

const cutSchema = z.strictObject({
  steps: z.number().nullable(),
  budget: z.number().nullable(),
  adaptationEpochs: z.number(),
  /** What it was before, a line each; none where nothing is cut. */
  notes: z.array(z.string()),
});

/** What a run is shortened to, to fit into its share of a budget. It stays the same when the run is resumed. */
export type Cut = z.infer<typeof cutSchema>;

/** Of a share, what is planned with: the rest is for what cannot be foreseen. */
const planned = 0.9;
/** Of what judging leaves, the most that the adaptation takes. */
const adapting = 0.3;

/**
 * Shortens a run to a share of time: first the adaptation, then the training; what is judged stays whole.
 *
 * @param options.share seconds
 * @param options.pace seconds of a training step for each of its images
 */
export function fit(config: Config, counts: Counts, { share, pace }: { share: number; pace: number }): Cut {
  const whole = estimate(config, counts, pace);
  const { steps, batchSize } = trainingCost(config, counts.train);
  const { budget } = config.training;
  const asked = config.adaptation.epochs;
  if (total(whole) <= planned * share) return { steps: null, budget, adaptationEpochs: asked, notes: [] };

  const left = Math.max(planned * share - whole.judging, 0);
  const perEpoch = asked > 0 ? whole.adaptation / asked : 0;
  const adaptationEpochs = perEpoch > 0 ? Math.min(asked, Math.floor((adapting * left) / perEpoch)) : asked;
  const training = left - adaptationEpochs * perEpoch;
  const adaptationNotes =
    adaptationEpochs < asked ? [`${adaptationEpochs} of ${asked} adaptation epochs`] : [];
  if (budget !== null) {
    const seconds = Math.max(Math.min(Math.floor(training), budget), 1);
    const notes = seconds < budget ? [`training.budget ${seconds} of ${budget} s`] : [];
    return { steps: null, budget: seconds, adaptationEpochs, notes: [...notes, ...adaptationNotes] };
  }
  const affordable = Math.max(Math.min(Math.floor(training / (batchSize * pace)), steps), 1);
  const notes = affordable < steps ? [`${affordable} of ${steps} training steps`] : [];
  return {
    steps: affordable < steps ? affordable : null,
    budget: null,
    adaptationEpochs,
    notes: [...notes, ...adaptationNotes],
  };
}

/** The configuration of a run that was shortened. */
export function shortened(config: Config, { steps, budget, adaptationEpochs }: Cut): Config {
  const length = steps !== null ? { epochs: null, steps, budget: null } : budget !== null ? { budget } : {};
  return {
    ...config,
    training: { ...config.training, ...length },
    adaptation: { ...config.adaptation, epochs: adaptationEpochs },
  };
}

export async function writeCut(folder: string, cut: Cut): Promise<void> {
  await writeAtomic(join(folder, cellFiles.cut), `${JSON.stringify(cut)}\n`);
}

/** What the run in a cell's folder was shortened to; undefined where it was not yet. */
export async function readCut(folder: string): Promise<Cut | undefined> {
  try {
    return cutSchema.parse(JSON.parse(await readFile(join(folder, cellFiles.cut), 'utf8')));
  } catch {
    // none, or not one: it is made anew
    return undefined;
  }
}
