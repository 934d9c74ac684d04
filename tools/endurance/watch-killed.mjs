// `ddad watch` killed with SIGKILL ten times while 100 pictures arrive, each written in two halves: every one must be judged
// exactly once, as a detector that was never killed judges it.
// Usage: node tools/endurance/watch-killed.mjs [--files 100] [--kills 10] [--seed 1]
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { uniform } from '@ddad/nn';
import { detectFiles } from '@ddad/pipeline';
import { smallDetector } from './small-detector.mjs';

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '100' },
    kills: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
  },
});
const [files, kills, seed] = [values.files, values.kills, values.seed].map(Number);
const bin = fileURLToPath(new URL('../../packages/ddad/dist/bin.js', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'ddad-watch-'));
const made = await smallDetector(folder, {
  good: files - Math.floor(files / 3),
  defective: Math.floor(files / 3),
});
const images = made.images.slice(0, files);
const [incoming, out] = [join(folder, 'incoming'), join(folder, 'verdicts')];
await mkdir(incoming);

const args = [
  'watch',
  incoming,
  '--checkpoint',
  made.checkpoints,
  '--out',
  out,
  '--overlays',
  '--settle',
  '0.3',
];
const start = (...more) => {
  const child = spawn(process.execPath, [bin, ...args, ...more], { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  child.stderr.on('data', (chunk) => {
    told += chunk;
  });
  child.ended = once(child, 'exit').then(([code, signal]) => ({ code, signal, told }));
  return child;
};
const lines = async () => {
  const text = await readFile(join(out, 'verdicts.jsonl'), 'utf8').catch(() => '');
  return text.split('\n').slice(0, -1);
};

const arriving = (async () => {
  for (const [i, image] of images.entries()) {
    const bytes = await readFile(image);
    const file = await open(join(incoming, `${String(i).padStart(3, '0')}.png`), 'w');
    await file.write(bytes.subarray(0, bytes.length / 2));
    await setTimeout(60);
    await file.write(bytes.subarray(bytes.length / 2));
    await file.close();
    await setTimeout(60);
  }
})();
const moments = uniform(seed, kills);
let killed = 0;
const at = [];
while (killed < kills) {
  const child = start();
  const before = (await lines()).length;
  // at first it loads its detector; then it is to be killed while it works, after some verdicts
  const after = before + 1 + Math.floor(moments[killed] * (files / kills - 1));
  while ((await lines()).length < Math.min(after, files - kills + killed)) {
    if (child.exitCode !== null) throw new Error((await child.ended).told);
    await setTimeout(5);
  }
  await setTimeout(moments[killed] * 40);
  child.kill('SIGKILL');
  assert.equal((await child.ended).signal, 'SIGKILL');
  killed++;
  at.push((await lines()).length);
}
await arriving;
const { code, told } = await start('--once').ended;
assert.equal(code, 0, told);

const verdicts = (await lines()).map((line) => JSON.parse(line));
const byPath = Map.groupBy
  ? Map.groupBy(verdicts, ({ image }) => image.path)
  : verdicts.reduce(
      (all, each) => all.set(each.image.path, [...(all.get(each.image.path) ?? []), each]),
      new Map(),
    );
assert.equal(byPath.size, files);
for (const [path, all] of byPath) assert.equal(all.length, 1, `${path} was judged ${all.length} times`);
let i = 0;
for await (const { score } of detectFiles(images, { checkpoint: made.checkpoints, engine: 'ort' })) {
  const [verdict] = byPath.get(`${String(i++).padStart(3, '0')}.png`);
  assert(Math.abs(verdict.score / score - 1) < 1e-5, `${verdict.image.path}: ${verdict.score}, ${score}`);
  await readFile(join(out, verdict.overlay));
}
assert.equal(i, files);
console.log(
  `killed ${killed} times, after ${at.join(', ')} verdicts: ${files} files, each judged exactly once`,
);
await rm(folder, { recursive: true });
