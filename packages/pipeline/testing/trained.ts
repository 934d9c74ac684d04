import { mkdtempSync } from 'node:fs';
import { cp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import type { ConfigInput } from '../src/config/schema.js';
import type { Report } from '../src/evaluation/report.js';
import type {} from './train-once.js';

export interface Trained {
  config: ConfigInput;
  report: Report;
  /** A path in the folder of the trained detector (`data`, `checkpoints`, `results`), for reading only. */
  trained: (...parts: string[]) => string;
  /** A path in a folder of the test file's own, removed at its end. */
  at: (...parts: string[]) => string;
  /** The output of a configuration, under {@link Trained.at}. */
  output: (name: string) => { checkpoints: string; results: string };
  /** Copies the checkpoints to `at(name)`. */
  copy: (name: string) => Promise<string>;
}

/** The detector that `trainOnce` has trained. */
export function useTrained(): Trained {
  const { folder, config, report } = inject('trained');
  const own = mkdtempSync(join(tmpdir(), 'ddad-pipeline-'));
  afterAll(() => rm(own, { recursive: true, force: true }));
  const trained = (...parts: string[]) => join(folder, ...parts);
  const at = (...parts: string[]) => join(own, ...parts);
  return {
    config,
    report,
    trained,
    at,
    output: (name) => ({ checkpoints: at(name), results: at(`${name}-results`) }),
    async copy(name) {
      await cp(trained('checkpoints'), at(name), { recursive: true });
      return at(name);
    },
  };
}

/** Whether two files have the same bytes; `toEqual` would take minutes to say so. */
export async function areEqual(a: string, b: string): Promise<boolean> {
  return (await readFile(a)).equals(await readFile(b));
}
