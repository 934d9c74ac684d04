import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

/**
 * tfjs-core's test-suite and this backend's source in one module, so that both use one copy of tfjs-core. Importing
 * it defines the specs with jasmine's globals. Returns its path.
 */
export async function bundle() {
  const folder = join(here, '../node_modules/.cache');
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, 'tfjs-core-tests.mjs');
  await build({
    entryPoints: [join(here, 'specs.mjs')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    mainFields: ['module', 'main'],
    external: ['onnxruntime-node', 'jasmine-core', 'worker_threads'],
    ignoreAnnotations: true, // tfjs-core declares its tests free of side effects
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
  return outfile;
}
