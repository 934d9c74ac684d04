import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '@ddad/detector';
import { z } from 'zod';
import { differences, everythingOf, type Identity } from '../checkpoint/identity.js';
import type { Config } from '../config/schema.js';
import { writeAtomic } from '../io/write-atomic.js';
import { releases } from '../published/releases.js';

const experimentSchema = z.strictObject({
  version: z.literal(1),
  dataset: z.string(),
  kind: z.string(),
  release: z.enum(releases),
  /** Seconds of each call; null for as long as it takes. */
  budget: z.number().nullable(),
  seeds: z.array(z.number()).min(1),
  categories: z
    .array(z.strictObject({ name: z.string(), settings: z.record(z.string(), z.unknown()) }))
    .min(1),
});

/** What a folder reproduces: the same for all who work in it. */
export type Experiment = z.infer<typeof experimentSchema>;

const fileName = 'experiment.json';

/** Where files lie and what computes: workers may differ in them. */
const ofThePlace = /^(seed|engine|threads|data\.(root|category|test|masks|cacheDir)|output\..*)$/;

/** The settings of a run that its result follows from. */
export function settingsOf(config: Config): Identity {
  return Object.fromEntries(Object.entries(everythingOf(config)).filter(([key]) => !ofThePlace.test(key)));
}

/**
 * Notes in `out` what is reproduced there.
 *
 * @throws {UserError} something else is; the message says how it differs
 */
export async function claimExperiment(out: string, experiment: Experiment): Promise<void> {
  const there = await findExperiment(out);
  if (!there) {
    await writeAtomic(join(out, fileName), `${JSON.stringify(experiment, null, 2)}\n`);
    return;
  }
  const others = differences(flat(there), flat(JSON.parse(JSON.stringify(experiment))));
  if (!others.length) return;
  const more = others.length > 3 ? ` and ${others.length - 3} more` : '';
  throw new UserError(`${out} reproduces something else: ${others.slice(0, 3).join(', ')}${more}`, {
    code: 'output',
    remedy: `choose another folder (option out), or remove ${join(out, fileName)}: runs that are the same are kept`,
  });
}

/**
 * What is reproduced in `out`.
 *
 * @throws {UserError} nothing is
 */
export async function readExperiment(out: string): Promise<Experiment> {
  const found = await findExperiment(out);
  if (found) return found;
  throw new UserError(`nothing is reproduced in ${out} (${fileName} is missing)`, {
    code: 'output',
    remedy: 'give the folder of a reproduction by option out',
  });
}

async function findExperiment(out: string): Promise<Experiment | undefined> {
  const path = join(out, fileName);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new UserError(`cannot read ${path}: ${message}`, { code: 'output', cause: error });
  }
  try {
    return experimentSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new UserError(`${path} is damaged, or of another release of ddad`, {
      code: 'output',
      remedy: 'remove it: runs that are finished are kept',
      cause: error,
    });
  }
}

function flat({ categories, ...experiment }: Experiment): Identity {
  return Object.assign(
    { ...experiment, categories: categories.map(({ name }) => name) },
    ...categories.map(({ name, settings }) =>
      Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${key} of ${name}`, value])),
    ),
  );
}
