import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import type { ConfigInput } from '../src/config/schema.js';
import type { Report } from '../src/evaluation/report.js';
import { run } from '../src/run.js';
import { synthesize } from '../src/synthesize.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** A detector that was trained before the first test, its data and its evaluation, under `folder`. */
    trained: { folder: string; config: ConfigInput; report: Report };
  }
}

/** vitest's `globalSetup`: what many test files look at is made once. */
export default async function trainOnce(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'ddad-trained-'));
  const counts = { train: 10, testGood: 3, testDefect: 4 };
  const out = join(folder, 'data');
  const { root } = await synthesize({ out, category: 'weave', seed: 3, size: 32, counts });
  const config: ConfigInput = {
    preset: 'small',
    seed: 5,
    engine: 'ort',
    threads: 1,
    data: { root, category: 'weave', imageSize: 32 },
    model: { baseChannels: 32, channelMultipliers: [1, 1], attentionResolutions: [16], start: 100, skip: 50 },
    training: { steps: 5, batchSize: 4 },
    features: { weights: 'random' },
    adaptation: { epochs: 1, batchSize: 8 },
    scoring: { sigma: 1, batchSize: 4 },
    output: { checkpoints: join(folder, 'checkpoints'), results: join(folder, 'results') },
  };
  const report = await run(config);
  project.provide('trained', { folder, config, report });
  return () => rm(folder, { recursive: true, force: true });
}
