import { configDefaults, defineConfig } from 'vitest/config';

const inForeignRealm = ['src/runtime/node/foreign-realm.test.ts'];

/** Against tests that hang; how long one takes depends on what else the machine does. */
const limits = { testTimeout: 300_000, hookTimeout: 300_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...limits,
          name: 'node',
          exclude: [...configDefaults.exclude, ...inForeignRealm],
          // files share a process: half of their time was loading the same modules again
          isolate: false,
        },
      },
      { test: { ...limits, name: 'foreign realm', pool: 'vmForks', include: inForeignRealm } },
    ],
  },
});
