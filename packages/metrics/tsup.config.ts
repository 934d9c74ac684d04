import { defineConfig } from 'tsup';
import { base } from '../../tsup.config.base.js';

/** Each entry is a file that stands alone. */
export default defineConfig({ ...base, entry: ['src/index.ts', 'src/regions.ts'], splitting: false });
