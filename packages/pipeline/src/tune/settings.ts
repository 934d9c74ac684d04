import type { TermWeights } from '@ddad/detector';
import type { Config } from '../config/schema.js';

/** Name of the configuration beside `detector.json`. */
export const tunedConfigName = 'tuned.yaml';

/** What is tuned, at once. */
export interface Settings {
  model: Pick<Config['model'], 'w' | 'start' | 'skip' | 'levels' | 'v'>;
  sigma: number;
  /** Under `scoring.normalization: robust`. */
  weights: TermWeights | null;
}

/** Candidates that differ from the present settings in one thing. */
export interface Axis {
  name: string;
  candidates: (present: Settings) => Settings[];
}

/** Memory, feature and pixel: the same shares as where weights are chosen after a training, and what lies between. */
const shares = [0, 0.0625, 0.125, 0.25, 0.5];

/** The settings of a configuration. */
export function settingsOf({ model, scoring }: Config, weights: TermWeights | null): Settings {
  const { w, start, skip, levels, v } = model;
  return { model: { w, start, skip, levels, v }, sigma: scoring.sigma, weights };
}

/** A configuration with these settings. */
export function withSettings(config: Config, { model, sigma, weights }: Settings): Config {
  return {
    ...config,
    model: { ...config.model, ...model },
    scoring: {
      ...config.scoring,
      sigma,
      weights: weights ? { ...config.scoring.weights, ...weights } : config.scoring.weights,
    },
  };
}

/** What decides the reconstruction, as a text to compare by. */
export function reconstructionKey(
  { model: { w, start, skip, levels } }: Settings,
  { model: { reconstruction } }: Config,
): string {
  return JSON.stringify(reconstruction === 'mean' ? levels : [w, start, skip]);
}

/** Settings in words. */
export function describeSettings(
  { model: { w, start, skip, levels, v }, sigma, weights }: Settings,
  { model: { reconstruction }, scoring: { normalization } }: Config,
  hasUnet: boolean,
): string {
  const how = !hasUnet
    ? []
    : reconstruction === 'mean'
      ? [`levels ${levels.join('+')}`]
      : [`w ${w}`, `start ${start}`, ...(reconstruction === 'full' ? [`skip ${skip}`] : [])];
  const sum =
    normalization === 'robust'
      ? Object.entries(weights ?? {}).map(([name, weight]) => `${name} ${weight}`)
      : [`v ${v}`];
  return [...how, `sigma ${sigma}`, ...sum].join(', ');
}

/** What is searched for a configuration, coarse first: each axis from where the one before has led. */
export function axesOf(config: Config, { hasUnet }: { hasUnet: boolean }): Axis[] {
  const { model, scoring, data, training } = config;
  const axes: Axis[] = [];
  const withModel = (present: Settings, changes: Partial<Settings['model']>): Settings => ({
    ...present,
    model: { ...present.model, ...changes },
  });
  if (hasUnet && model.reconstruction === 'mean') {
    axes.push({
      name: 'levels',
      candidates: (present) =>
        [[50], [150], [200], [100, 200]].map((levels) => withModel(present, { levels })),
    });
  } else if (hasUnet) {
    // beyond what it was trained on the UNet has nothing to say
    const latest = Math.min(training.maxTimestep ?? model.steps, model.steps - 1);
    const starts = (present: Settings, factors: readonly number[]) =>
      factors
        .map((factor) => Math.round(factor * present.model.start))
        .filter((start) => start >= present.model.skip && start <= latest)
        .map((start) => withModel(present, { start }));
    axes.push({ name: 'start', candidates: (present) => starts(present, [0.4, 0.7, 1.4]) });
    axes.push({
      name: 'w',
      candidates: (present) => [0, 2, 4, 8].map((w) => withModel(present, { w })),
    });
    if (model.reconstruction === 'full') {
      axes.push({
        name: 'steps',
        candidates: (present) =>
          [2 * present.model.skip]
            .filter((skip) => skip <= present.model.start)
            .map((skip) => withModel(present, { skip })),
      });
    }
    axes.push({ name: 'start, fine', candidates: (present) => starts(present, [0.85, 1.2]) });
    axes.push({
      name: 'w, fine',
      candidates: (present) =>
        [present.model.w - 1, present.model.w + 1]
          .filter((w) => w >= 0)
          .map((w) => withModel(present, { w })),
    });
  }
  // the blur's kernel must fit into the map
  const largest = (data.imageSize - 1) / 4 - 0.5;
  const sigmas = (present: Settings, factors: readonly number[]) =>
    factors
      .map((factor) => Number((factor * present.sigma).toPrecision(3)))
      .filter((sigma) => sigma > 0 && sigma <= largest)
      .map((sigma) => ({ ...present, sigma }));
  axes.push({ name: 'sigma', candidates: (present) => sigmas(present, [0.5, 1.5, 2]) });
  axes.push(
    scoring.normalization === 'robust'
      ? { name: 'weights', candidates: weightCandidates }
      : {
          name: 'v',
          candidates: (present) => [0, 0.5, 1, 2, 4, 7].map((v) => withModel(present, { v })),
        },
  );
  axes.push({ name: 'sigma, fine', candidates: (present) => sigmas(present, [0.8, 1.25]) });
  return axes;
}

function weightCandidates(present: Settings): Settings[] {
  const names = Object.keys(present.weights ?? {});
  if (names.length < 2) return [];
  const hasMemory = names.includes('memory');
  const out: Settings[] = [];
  for (const feature of hasMemory ? shares : [0, 0.5, 1]) {
    for (const pixel of hasMemory ? shares : [0, 0.5, 1]) {
      const all: TermWeights = { memory: 1, feature, pixel };
      // in the order of the present ones, by which settings that were measured are known
      const weights = Object.fromEntries(names.map((name) => [name, all[name as keyof TermWeights]]));
      if (hasMemory || feature + pixel > 0) out.push({ ...present, weights });
    }
  }
  return out;
}
