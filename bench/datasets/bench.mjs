// First and later epochs over 200 PNG of 1024x1024, resized to 256x256 with two workers, beside torchvision's
// ImageFolder pipeline; three rounds in turn in one run, medians compared.
//
//     npm run build -w @ddad/datasets && node bench/datasets/bench.mjs [python]
//
// The python needs pillow; without torch and torchvision two processes with Pillow stand in for their DataLoader.

import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { batches, loadImages, makeSynthetic, openDataset } from '@ddad/datasets';

const python = process.argv[2] ?? 'python3';
const root = await mkdtemp(join(tmpdir(), 'ddad-bench-'));
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
const timed = async (run) => {
  const start = performance.now();
  await run();
  return (performance.now() - start) / 1000;
};

try {
  const counts = { train: 8, testGood: 0, testDefect: 0 };
  await makeSynthetic({ out: root, category: 'weave', size: 1024, counts });
  const folder = join(root, 'weave', 'train', 'good');
  // As Pillow writes them: each row with the filter that suits it.
  execFileSync(python, [join(import.meta.dirname, 'resave.py'), folder]);
  for (let i = counts.train; i < 200; i++) {
    await copyFile(
      join(folder, `00${i % counts.train}.png`),
      join(folder, `${String(i).padStart(3, '0')}.png`),
    );
  }
  const { train } = await openDataset({ kind: 'mvtec', root, category: 'weave' });
  const indices = [...train.keys()];
  const epoch = (store, number) => {
    for (const batch of batches(indices, { batchSize: 32, epoch: number })) store.batch(batch);
  };
  const times = { peer: [], first: [], disk: [], memory: [] };
  let peer = '';
  for (let round = 0; round < 3; round++) {
    const said = execFileSync(python, [join(import.meta.dirname, 'peer.py'), join(root, 'weave', 'train')]);
    peer = String(said).split(':')[0];
    times.peer.push(Number(/([\d.]+) s/.exec(said)[1]));
    const options = { size: [256, 256], workers: 2, cacheDir: join(root, `cache-${round}`) };
    let store;
    const load = async () => {
      store = await loadImages(train, options);
      epoch(store, 0);
    };
    times.first.push(await timed(load));
    times.disk.push(await timed(load));
    times.memory.push(await timed(() => epoch(store, 1)));
  }
  const base = median(times.peer);
  const row = (name, values, limit) => {
    const ratio = median(values) / base;
    const verdict = limit === undefined ? '' : `  (at most ${limit}: ${ratio <= limit ? 'holds' : 'FAILS'})`;
    console.log(`${name.padEnd(52)} ${median(values).toFixed(3)} s  ${ratio.toFixed(3)}${verdict}`);
    return limit === undefined || ratio <= limit;
  };
  console.log(`${train.length} images, ${availableParallelism()} cores; medians of 3 rounds`);
  row(peer, times.peer);
  const holds = [
    row('@ddad/datasets, first epoch, writing the cache', times.first, 2.5),
    row('@ddad/datasets, first epoch of the next process', times.disk, 0.05),
    row('@ddad/datasets, later epochs, from memory', times.memory, 0.05),
  ];
  process.exitCode = holds.every(Boolean) ? 0 : 1;
} finally {
  await rm(root, { recursive: true, force: true });
}
