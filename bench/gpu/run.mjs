// node bench/gpu/run.mjs [--python python3] [--out gpu.jsonl] [--only cuda,webgpu,cpu] [--minutes 14] [--threads 16] [--dry]
// Steps of the paper's UNet on each engine beside PyTorch, each in a process of its own, and the table of what is asked of them.
// README.md has the format. `--dry` takes tiny sizes and the processor for every engine: whether the script works, no measurement.
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    out: { type: 'string', default: 'gpu.jsonl' },
    only: { type: 'string', default: 'cuda,webgpu,cpu' },
    minutes: { type: 'string', default: '14' },
    threads: { type: 'string', default: String(Math.min(16, availableParallelism())) },
    dry: { type: 'boolean', default: false },
  },
});
const { dry, threads } = values;
const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const packed = here('packed/own.mjs');
const own = existsSync(packed) ? packed : here('own.mjs');
const ends = performance.now() + Number(values.minutes) * 60_000;

const shape = dry ? { size: 32, channels: 32, heads: 2 } : { size: 256, channels: 64, heads: 4 };
const pace = dry ? { repeats: 2, seconds: 1 } : { repeats: 10, seconds: 8 };
const small = dry ? 2 : 8;
const large = dry ? 3 : 32;

/** What is measured, by what it runs on; the more important first. `bar` is the most that our time over PyTorch's may be. */
const cuda = (precision) => {
  const peer = (kind, batch) => ({ device: 'cuda', precision, kind, batch });
  const ours = (kind, batch, together) => ({ engine: 'ort-cuda', precision, kind, batch, together });
  return [
    ...[small, large].flatMap((batch) => [
      peer('train', batch),
      // as many at once as trainUNet takes
      { ...ours('train', batch, batch === small ? 16 : 5), bar: 1.5 },
      ours('train', batch, 1),
    ]),
    ...[1, small].flatMap((batch) => [peer('forward', batch), { ...ours('forward', batch), bar: 1.2 }]),
    { ...ours('training', small), repeats: dry ? 6 : 40 },
  ];
};
const webgpu = () => {
  const ours = (kind, batch, together) => ({
    engine: 'ort-webgpu',
    precision: 'float32',
    kind,
    batch,
    together,
  });
  return [
    { ...ours('train', small, 4), bar: 3 },
    ours('train', small, 1),
    { ...ours('forward', small), bar: 3 },
    ours('train', large, 1),
    { ...ours('training', small), repeats: dry ? 6 : 24 },
  ];
};
const processor = () =>
  [
    ['train', 1],
    ['train', small],
    ['forward', 1],
  ].flatMap(([kind, batch]) => [
    // biome-ignore format: a table
    { device: 'cpu', precision: 'float32', kind, batch },
    { engine: 'ort', precision: 'float32', kind, batch, bar: 1 },
  ]);
const golden = (engine) => ({ engine, precision: 'float32', kind: 'golden' });
const groups = {
  cuda: () => [golden('ort-cuda'), ...cuda('float32'), ...cuda('tf32')],
  webgpu: () => [golden('ort-webgpu'), ...webgpu()],
  cpu: () => [golden('ort'), ...processor()],
};
const plan = values.only.split(',').flatMap((name) => groups[name]());

const say = (line) => {
  console.log(JSON.stringify(line));
  appendFileSync(values.out, `${JSON.stringify(line)}\n`);
};
writeFileSync(values.out, '');
say({ info: { dry, ...machine() } });
const rows = [];
for (const row of plan) {
  const left = ends - performance.now();
  rows.push({ ...row, ...(left < 20_000 ? { error: 'no time left' } : await measure(row, left)) });
  say(rows.at(-1));
}
console.log(`\n${table(rows)}`);

/** The row's measurement, or what went wrong. */
function measure({ bar, ...row }, left) {
  const { engine, device, precision } = row;
  const text = JSON.stringify({ ...shape, ...pace, ...row });
  const count = engine === 'ort' || device === 'cpu' || dry ? threads : '0';
  const [command, args] = engine
    ? [process.execPath, [own, dry ? 'ort' : engine, text, count]]
    : [values.python, [here('peer.py'), dry ? 'cpu' : device, precision, text, count]];
  const env = { ...process.env, NVIDIA_TF32_OVERRIDE: precision === 'tf32' ? '1' : '0' };
  if (count !== '0') Object.assign(env, { OMP_NUM_THREADS: count, MKL_NUM_THREADS: count });
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, complaint] = ['', ''];
    child.stdout.on('data', (data) => (out += data));
    child.stderr.on('data', (data) => (complaint = (complaint + data).slice(-2000)));
    const killed = setTimeout(() => child.kill('SIGKILL'), Math.min(left, 180_000));
    const end = (error) => {
      clearTimeout(killed);
      const last = out.trim().split('\n').at(-1);
      if (!error && last) return resolve(JSON.parse(last));
      const lines = complaint.trim().split('\n');
      const told = lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1);
      resolve({ error: `${error ?? 'no result'}: ${told}`.slice(0, 400) });
    };
    child.on('error', ({ message }) => end(message));
    child.on('close', (code, signal) => end(code === 0 ? undefined : (signal ?? `exit ${code}`)));
  });
}

function machine() {
  const ask = (command, args) => {
    try {
      return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    } catch {
      return null;
    }
  };
  const fields = '--query-gpu=name,driver_version,memory.total';
  return {
    date: new Date().toISOString(),
    gpu: ask('nvidia-smi', [fields, '--format=csv,noheader']),
    cpu: cpus()[0]?.model,
    cores: availableParallelism(),
    threads: Number(threads),
    node: process.version,
    torch: ask(values.python, ['-c', 'import torch; print(torch.__version__, torch.version.cuda)']),
    ...(existsSync(here('packed/info.json')) && JSON.parse(readFileSync(here('packed/info.json'), 'utf8'))),
  };
}

function table(rows) {
  const peers = new Map(
    rows
      .filter(({ device, ms }) => device && ms)
      .map(({ device, precision, kind, batch, ms }) => [[device, precision, kind, batch].join(), ms]),
  );
  const lines = [
    '| step | batch | engine | at once | ms | PyTorch ms | ratio | bar | |',
    '|---|---|---|---|---|---|---|---|---|',
  ];
  for (const row of rows.filter(({ engine, kind }) => engine && kind !== 'golden')) {
    const { engine, precision, kind, batch, together, ms, bar, error } = row;
    const name = `${engine}${precision === 'tf32' ? ' tf32' : ''}`;
    const device = engine === 'ort' ? 'cpu' : 'cuda';
    const peer = peers.get([device, precision, kind === 'training' ? 'train' : kind, batch].join());
    const ratio = ms && peer ? ms / peer : undefined;
    const verdict =
      error ?? (bar === undefined || ratio === undefined ? '' : ratio <= bar ? 'holds' : 'MISSED');
    const at = kind === 'train' ? (together ?? 1) : '';
    const cells = [kind, batch, name, at, ms?.toFixed(1), peer?.toFixed(1), ratio?.toFixed(2), bar, verdict];
    lines.push(`| ${cells.map((cell) => cell ?? '').join(' | ')} |`);
  }
  for (const { engine, error, unet32, unet64 } of rows.filter(({ kind }) => kind === 'golden')) {
    const worst = unet32 && Math.max(...[unet32, unet64].flatMap((found) => Object.values(found)));
    lines.push(`\ngoldens on ${engine}: ${error ?? `largest relative difference ${worst.toExponential(1)}`}`);
  }
  return lines.join('\n');
}
