import { defineConfig } from 'tsup';
import { base, web } from '../../tsup.config.base.js';

// The browser's build carries the decoder's .wasm in a chunk of its own, so that no bundler has to find it.
export default defineConfig([base, { ...web, loader: { '.wasm': 'base64' }, noExternal: [/\.wasm$/] }]);
