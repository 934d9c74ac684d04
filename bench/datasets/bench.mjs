// First and later epochs over 200 PNG of 1024x1024, resized to 256x256, beside Pillow (torchvision's loader).
//
//     npm run build -w @ddad/datasets && node bench/datasets/bench.mjs [python]
//
// The python needs pillow; torch and torchvision are used if they are there.

import { execFileSync } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batches, loadImages, makeSynthetic, openDataset } from '@ddad/datasets';

const python = process.argv[2] ?? 'python3';
const root = await mkdtemp(join(tmpdir(), 'ddad-bench-'));
const timed = async (label, run) => {
  const start = performance.now();
  const result = await run();
  console.log(`${label}: ${((performance.now() - start) / 1000).toFixed(3)} s`);
  return result;
};

try {
  const counts = { train: 8, testGood: 0, testDefect: 0 };
  await makeSynthetic({ out: root, category: 'weave', size: 1024, counts });
  const folder = join(root, 'weave', 'train', 'good');
  for (let i = counts.train; i < 200; i++) {
    await copyFile(
      join(folder, `00${i % counts.train}.png`),
      join(folder, `${String(i).padStart(3, '0')}.png`),
    );
  }
  const { train } = await openDataset({ kind: 'mvtec', root, category: 'weave' });
  const options = { size: [256, 256], workers: 2, cacheDir: join(root, 'cache') };
  for (let run = 0; run < 2; run++) {
    process.stdout.write(
      execFileSync(python, [join(import.meta.dirname, 'peer.py'), join(root, 'weave', 'train')]),
    );
    await timed('@ddad/datasets, no cache', () => loadImages(train, { ...options, cacheDir: undefined }));
  }
  await timed('@ddad/datasets, first epoch, writing the cache', () => loadImages(train, options));
  const store = await timed('@ddad/datasets, a new process would read the cache', () =>
    loadImages(train, options),
  );
  await timed('@ddad/datasets, a later epoch, from memory', () => {
    for (const batch of batches([...train.keys()], { batchSize: 32, epoch: 1 })) store.batch(batch);
  });
} finally {
  await rm(root, { recursive: true, force: true });
}
