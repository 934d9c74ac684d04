// node bench/engine/profile.mjs CASE [--rows 20] [--threads 2] [--engine ort]
// Time of the last of three steps by kind of ONNX node, and by node and shapes. Build the packages first. With `--engine ort-cuda`
// under CUDA_LAUNCH_BLOCKING=1, or a node's time is that of starting it.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    rows: { type: 'string', default: '20' },
    threads: { type: 'string', default: '2' },
    engine: { type: 'string', default: 'ort' },
  },
});
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const cases = JSON.parse(readFileSync(here('cases.json'), 'utf8'));
const chosen = cases.find(({ name }) => name === positionals[0]);
if (!chosen)
  throw new Error(`needs one of ${cases.map(({ name }) => name).join(', ')}, got ${positionals[0]}`);

// Every session of a large model profiles itself.
const require = createRequire(here('../../packages/tfjs-backend-ort/package.json'));
const native = require('onnxruntime-node/dist/binding.js');
const { InferenceSession } = native.binding;
const folder = mkdtempSync(join(tmpdir(), 'bench-engine-'));
const profiled = [];
class ProfiledSession {
  constructor() {
    this.session = new InferenceSession();
  }
  /** `path, options` or `buffer, byteOffset, byteLength, options`. */
  loadModel(...args) {
    const profile = args.length === 2 || args[2] > 50_000;
    if (profile) profiled.push(this.session);
    const extra = profile ? { enableProfiling: true, profileFilePrefix: join(folder, 'profile') } : {};
    this.session.loadModel(...args.slice(0, -1), { ...args.at(-1), ...extra });
  }
  run(...args) {
    return this.session.run(...args);
  }
  dispose() {
    this.session.dispose();
  }
}
native.binding = new Proxy(native.binding, {
  get: (target, key) => (key === 'InferenceSession' ? ProfiledSession : target[key]),
});

const input = new PassThrough();
Object.defineProperty(process, 'stdin', { value: input });
input.end('\n\n');
process.argv = [process.argv[0], 'own.mjs', values.engine, JSON.stringify(chosen), values.threads];
await import('./own.mjs');
for (const session of profiled) session.endProfiling();

const events = readdirSync(folder).flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
rmSync(folder, { recursive: true });
const last = events.filter(({ name }) => name === 'model_run').reduce((a, b) => (a.ts > b.ts ? a : b));
const kernels = events.filter(
  ({ cat, name, ts }) =>
    cat === 'Node' && name.endsWith('_kernel_time') && ts >= last.ts && ts <= last.ts + last.dur,
);
const shapes = (list = []) => list.map((entry) => `[${Object.values(entry)[0]}]`).join(' ');
const table = (key) => {
  const rows = new Map();
  for (const { dur, args } of kernels) {
    const row = rows.get(key(args)) ?? { ms: 0, count: 0 };
    row.ms += dur / 1000;
    row.count++;
    rows.set(key(args), row);
  }
  for (const [name, { ms, count }] of [...rows]
    .sort((a, b) => b[1].ms - a[1].ms)
    .slice(0, Number(values.rows))) {
    console.log(`${ms.toFixed(1).padStart(8)} ms ${String(count).padStart(5)} ${name}`);
  }
};
console.log(`${chosen.title}: ${(last.dur / 1000).toFixed(0)} ms in the session`);
table(({ op_name }) => op_name);
console.log();
table(
  ({ op_name, input_type_shape, output_type_shape }) =>
    `${op_name} ${shapes(input_type_shape?.slice(0, 3))} -> ${shapes(output_type_shape?.slice(0, 1))}`,
);
