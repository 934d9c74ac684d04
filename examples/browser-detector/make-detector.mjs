// A detector of a synthetic weave as one file, and ten pictures to look at: about a minute.
// Usage: node make-detector.mjs <folder>
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exportDetector, run, synthesize } from '@ddad/pipeline';

export async function makeDetector(out) {
  const folder = await mkdtemp(join(tmpdir(), 'ddad-browser-'));
  const counts = { train: 80, testGood: 4, testDefect: 6 };
  const data = await synthesize({ out: join(folder, 'data'), category: 'weave', seed: 3, size: 192, counts });
  const checkpoints = join(folder, 'checkpoints');
  const { images } = await run({
    data: { kind: 'mvtec', root: data.root, category: data.category, imageSize: 128 },
    features: { weights: 'embedded' },
    model: { imageSize: 64 },
    memory: { vectors: 2000 },
    training: { budget: null, steps: 40, batchSize: 4 }, // a real training takes hundreds
    output: { checkpoints, results: join(folder, 'results'), report: false },
  });
  await mkdir(join(out, 'samples'), { recursive: true });
  await exportDetector(checkpoints, { bundle: join(out, 'detector.ddad') });
  const samples = images.map((_, i) => `samples/${i}.png`);
  for (const [i, { id }] of images.entries()) await copyFile(join(data.root, id), join(out, samples[i]));
  await writeFile(join(out, 'samples.json'), JSON.stringify(samples));
  await rm(folder, { recursive: true });
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [out] = process.argv.slice(2);
  if (!existsSync(join(out, 'samples.json'))) await makeDetector(out);
}
