import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSynthetic, openDataset } from '@ddad/datasets';
import { run } from '@ddad/pipeline';
import { serve } from '../src/index.js';

/**
 * A station with two detectors of 64 pixels, `weave`, which reconstructs, and `quick`, which works by its memory; and
 * pictures of 256 pixels to look at.
 */
export async function makeStation({ token }: { token?: string } = {}) {
  const out = await mkdtemp(join(tmpdir(), 'ddad-page-'));
  const counts = { train: 24, testGood: 6, testDefect: 8 };
  const { root, category } = await makeSynthetic({ out, category: 'weave', seed: 3, size: 256, counts });
  const data = { kind: 'mvtec', root, category } as const;
  const make = async (name: string, isInstant: boolean) => {
    const model = { imageSize: 64, baseChannels: 32, channelMultipliers: [1, 1], resBlocks: 1 };
    await run(
      {
        data: { ...data, imageSize: 64 },
        model: { ...model, reconstruction: 'one-step' },
        features: { weights: 'embedded' },
        memory: { vectors: 500, candidates: 5000 },
        training: { steps: 10, batchSize: 4 },
        adaptation: { epochs: 0 },
        ...{ engine: 'ort', threads: 1 },
        output: { checkpoints: join(out, name), results: join(out, 'results', name), report: false },
      },
      { instant: isInstant },
    );
    return join(out, name);
  };
  const detectors = { weave: await make('weave-detector', false), quick: await make('quick', true) };
  const { test } = await openDataset(data);
  const paths = (label: number) =>
    test.filter((sample) => sample.label === label).map(({ imagePath }) => imagePath);
  const station = await serve({ detectors, token, port: 0, workers: 1, threads: 1, engine: 'ort' });
  return {
    url: station.url,
    detectors,
    good: paths(0),
    anomalous: paths(1),
    close: async () => {
      await station.close();
      await rm(out, { recursive: true });
    },
  };
}
