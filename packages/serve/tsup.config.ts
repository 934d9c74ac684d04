import { defineConfig } from 'tsup';
import { base } from '../../tsup.config.base.js';

export default defineConfig({
  ...base,
  entry: {
    index: 'src/index.ts',
    'client/index': 'src/client/index.ts',
    'worker/thread': 'src/worker/thread.ts',
  },
});
