// Reproduces six synthetic categories (three textures, three objects) with two seeds in one process, and in three shards at
// once, of which one is killed with SIGKILL and started again; the collected tables must have the same bytes.
// Usage: node tools/endurance/reproduce-shards.mjs [kills, default 2] [seed of their moments]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { deriveSeed, uniform } from '@ddad/nn';

const [kills = 2, seed = 1] = process.argv.slice(2).map(Number);
const bin = fileURLToPath(new URL('../../packages/ddad/dist/bin.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'reproduce-shards-'));
const at = (name) => join(folder, name);
const shards = 3;
const categories = ['weave', 'tiles', 'leather', 'gear', 'cap', 'screw'];
const collected = ['table.md', 'table.csv', 'table.json', 'index.html'];

const settings = [
  ...['--dataset', 'mvtec', '--root', at('data'), '--categories', categories.join(), '--seeds', '2'],
  ...['--preset', 'small', '--image-size', '16', '--steps', '4', '--weights', 'embedded', '--engine', 'ort'],
  ...[
    ...['threads=1', 'model.channelMultipliers=[1]', 'model.attentionResolutions=[]', 'model.start=100'],
    ...['model.skip=50', 'training.batchSize=4', 'training.validateEvery=null', 'adaptation.epochs=0'],
    'scoring.sigma=0.5',
  ].flatMap((set) => ['--set', set]),
];

/** @returns the process and a promise of how it ends */
function ddad(args) {
  const child = spawn(process.execPath, [bin, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise((resolve) =>
    child.on('exit', (status, signal) => resolve({ status, signal, stderr })),
  );
  return { child, ended };
}

async function finish(args) {
  const began = performance.now();
  const { status, stderr } = await ddad(args).ended;
  if (status !== 0) throw new Error(`ddad ${args.join(' ')} ends with ${status}: ${stderr}`);
  return (performance.now() - began) / 1000;
}

const shard = (index) => ['reproduce', ...settings, '--out', at('parts'), '--shard', `${index}/${shards}`];

/** Kills the first shard again and again, until it is let end. */
async function killed(longest) {
  const moments = uniform(deriveSeed(seed, kills), kills);
  for (const moment of moments) {
    const { child, ended } = ddad(shard(1));
    const begun = new Promise((resolve) =>
      child.stderr.on('data', (text) => /Loading/.test(text) && resolve(undefined)),
    );
    const ms = Math.round(1000 * longest * moment);
    await Promise.race([begun.then(() => setTimeout(ms)), ended]);
    child.kill('SIGKILL');
    const { signal, status, stderr } = await ended;
    if (signal !== 'SIGKILL') throw new Error(`the shard ended by itself, with ${status}: ${stderr}`);
    const [last] = stderr.trim().split('\n').slice(-1);
    console.log(
      `shard 1 killed ${(ms / 1000).toFixed(1)} s after it began to load a run; it last said: ${last}`,
    );
  }
  await finish(shard(1));
}

try {
  for (const category of categories) {
    await finish([
      ...['synth', '--out', at('data'), '--category', category, '--size', '64', '--seed', '3'],
      ...['--train', '8', '--good', '2', '--anomalous', '4'],
    ]);
  }
  const seconds = await finish(['reproduce', ...settings, '--out', at('whole')]);
  console.log(`one process: ${2 * categories.length} runs in ${seconds.toFixed(0)} s`);
  // the kills lie within what a third of the runs takes
  await Promise.all([killed(seconds / shards / kills), ...[2, 3].map((index) => finish(shard(index)))]);
  await finish(['reproduce', '--collect', '--out', at('parts')]);
  let wrong = 0;
  for (const name of collected) {
    const [whole, parts] = ['whole', 'parts'].map((out) => readFileSync(join(at(out), name)));
    const equal = whole.equals(parts);
    if (!equal) wrong++;
    console.log(`${equal ? 'equal ' : 'DIFFERS'} ${name}, ${whole.length} bytes`);
    for (const place of [folder, process.cwd()]) {
      if (parts.includes(place)) throw new Error(`${name} has a place of this machine in it: ${place}`);
    }
  }
  console.log(readFileSync(join(at('parts'), 'table.md'), 'utf8'));
  process.exitCode = wrong ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}
