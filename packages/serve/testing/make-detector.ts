import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSynthetic, openDataset } from '@ddad/datasets';
import { encodePng, readImage } from '@ddad/images';
import { run } from '@ddad/pipeline';

/** A detector of a synthetic category, with images to look at. */
export interface MadeDetector {
  /** Holds everything; the test removes it. */
  root: string;
  /** Holds `detector.json` and the weights. */
  folder: string;
  /** Paths of PNG files of 64 x 64 pixels. */
  good: string[];
  /** Each of `good` with a dark square from (10, 20) to (29, 39). */
  anomalous: string[];
}

/** Makes a detector of 64 pixels that works by its memory, in seconds. */
export async function makeDetector(): Promise<MadeDetector> {
  const out = await mkdtemp(join(tmpdir(), 'ddad-serve-'));
  const counts = { train: 24, testGood: 4, testDefect: 0 };
  const { root, category } = await makeSynthetic({ out, category: 'weave', seed: 3, size: 64, counts });
  const data = { kind: 'mvtec', root, category } as const;
  const folder = join(out, 'detector');
  await run(
    {
      data: { ...data, imageSize: 64 },
      features: { weights: 'embedded' },
      memory: { vectors: 64 },
      engine: 'ort',
      threads: 1,
      output: { checkpoints: folder, results: join(out, 'results'), report: false },
    },
    { instant: true },
  );
  const good = (await openDataset(data)).test.map(({ imagePath }) => imagePath);
  const anomalous = good.map((_, i) => join(out, `anomalous-${i}.png`));
  for (const [i, path] of good.entries()) await writeFile(anomalous[i], await withSquare(path));
  return { root: out, folder, good, anomalous };
}

async function withSquare(path: string): Promise<Uint8Array> {
  const pixels = await readImage(await readFile(path), { channels: 3 });
  for (let y = 20; y < 40; y++) pixels.data.fill(10, 3 * (y * 64 + 10), 3 * (y * 64 + 30));
  return encodePng(pixels);
}
