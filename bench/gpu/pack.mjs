// node bench/gpu/pack.mjs OUT: all that bench/gpu/run.mjs needs on a Linux machine with a GPU and a Python with PyTorch, but
// without Node and without a network: `OUT/node OUT/bench/gpu/run.mjs`. Build the packages first, and add the CUDA provider
// (`npx ddad engines add ort-cuda`), which is taken along.
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const out = process.argv[2];
if (!out) throw new Error('pack: needs the folder to write to');
const root = fileURLToPath(new URL('../..', import.meta.url));
const at = (...path) => join(out, 'bench', 'gpu', ...path);
mkdirSync(at('packed'), { recursive: true });

copyFileSync(process.execPath, join(out, 'node'));
for (const name of ['run.mjs', 'peer.py']) copyFileSync(join(root, 'bench/gpu', name), at(name));
copyFileSync(join(root, 'bench/engine/models.py'), at('models.py'));
mkdirSync(join(out, 'fixtures'), { recursive: true });
for (const name of ['unet32', 'unet64'])
  for (const end of ['safetensors', 'keys.json'])
    copyFileSync(join(root, 'fixtures', `${name}.${end}`), join(out, 'fixtures', `${name}.${end}`));
for (const name of ['onnxruntime-node', 'onnxruntime-common']) {
  cpSync(join(root, 'node_modules', name), join(out, 'node_modules', name), {
    recursive: true,
    dereference: true,
    filter: (path) => !/\/(darwin|win32|arm64)$|\.map$/.test(path),
  });
}
const outside = [
  'onnxruntime-node',
  'onnxruntime-web',
  'vitest',
  '@tensorflow/tfjs-node',
  '@tensorflow/tfjs-node-gpu',
];
const more = ['@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-backend-webgpu'];
execFileSync(
  'npx',
  [
    'esbuild',
    join(root, 'bench/gpu/own.mjs'),
    ...[
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--main-fields=module,main',
      '--conditions=import,node',
    ],
    ...['--ignore-annotations', '--log-level=warning', `--outfile=${at('packed/own.mjs')}`],
    "--banner:js=import { createRequire as makeRequire } from 'module'; const require = makeRequire(import.meta.url);",
    ...[...outside, ...more].map((name) => `--external:${name}`),
  ],
  { cwd: root, stdio: 'inherit' },
);
const version = JSON.parse(
  readFileSync(join(out, 'node_modules/onnxruntime-node/package.json'), 'utf8'),
).version;
const bin = join(out, 'node_modules/onnxruntime-node/bin/napi-v6/linux/x64');
const cuda = existsSync(join(bin, 'libonnxruntime_providers_cuda.so'));
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
writeFileSync(at('packed/info.json'), JSON.stringify({ onnxruntime: version, cuda, commit }));
if (!cuda) console.log('pack: no CUDA provider beside onnxruntime-node; npx ddad engines add ort-cuda');
