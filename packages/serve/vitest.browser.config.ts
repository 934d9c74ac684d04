import { defineConfig } from 'vitest/config';

export default defineConfig({
  // two stations at once would be slow
  test: {
    fileParallelism: false,
    include: ['browser/*.browser.ts'],
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
