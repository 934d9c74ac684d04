import { configDefaults, defineConfig } from 'vitest/config';

const inForeignRealm = ['src/runtime/node/foreign-realm.test.ts'];

export default defineConfig({
  test: {
    projects: [
      { extends: true, test: { name: 'node', exclude: [...configDefaults.exclude, ...inForeignRealm] } },
      { extends: true, test: { name: 'foreign realm', pool: 'vmForks', include: inForeignRealm } },
    ],
  },
});
