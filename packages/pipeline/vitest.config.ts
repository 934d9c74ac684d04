import { defineConfig } from 'vitest/config';

/** Against tests that hang; how long one takes depends on what else the machine does. */
const limits = { testTimeout: 120_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { ...limits, name: 'parts', include: ['src/*/**/*.test.ts'] } },
      {
        test: {
          ...limits,
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
