import { defineConfig } from 'tsup';
import { base, web } from '../../tsup.config.base.js';

export default defineConfig([base, web]);
