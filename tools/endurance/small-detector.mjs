import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { run, synthesize } from '@ddad/pipeline';

/** A detector of 64 pixels that works by its memory, in seconds, and pictures of its part, each another. */
export async function smallDetector(folder, { good, defective }) {
  const counts = { train: 24, testGood: good, testDefect: defective };
  const data = await synthesize({ out: join(folder, 'data'), category: 'weave', seed: 5, size: 64, counts });
  const checkpoints = join(folder, 'detector');
  await run(
    {
      data: { kind: 'mvtec', root: data.root, category: data.category, imageSize: 64 },
      features: { weights: 'embedded' },
      memory: { vectors: 200 },
      output: { checkpoints, results: join(folder, 'results'), report: false },
    },
    { instant: true },
  );
  const test = join(data.root, data.category, 'test');
  const names = await readdir(test, { recursive: true });
  return {
    checkpoints,
    images: names.filter((name) => name.endsWith('.png')).map((name) => join(test, name)),
  };
}
