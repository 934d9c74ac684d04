import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Against tests that hang; how long one takes depends on what else the machine does. */
const limits = { testTimeout: 300_000, hookTimeout: 300_000 };

/** No weights that this machine happens to have. */
const nowhere = join(tmpdir(), 'ddad-no-weights');
const env = { DDAD_CACHE: nowhere, TORCH_HOME: nowhere };

export default defineConfig({
  test: {
    projects: [
      { test: { ...limits, env, name: 'parts', include: ['src/*/**/*.test.ts'], isolate: false } },
      {
        test: {
          ...limits,
          env,
          name: 'steps',
          include: ['src/*.test.ts'],
          globalSetup: 'testing/train-once.ts',
          // one process, which keeps the sessions of the engine
          isolate: false,
          maxWorkers: 1,
        },
      },
    ],
  },
});
