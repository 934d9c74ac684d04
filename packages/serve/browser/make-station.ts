import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSynthetic, openDataset } from '@ddad/datasets';
import { type ConfigInput, run } from '@ddad/pipeline';
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
  const folder = join(out, 'weave-detector');
  const config: ConfigInput = {
    data: { ...data, imageSize: 64 },
    model: {
      imageSize: 64,
      baseChannels: 32,
      channelMultipliers: [1, 1],
      resBlocks: 1,
      reconstruction: 'one-step',
    },
    features: { weights: 'embedded' },
    memory: { vectors: 500, candidates: 5000 },
    training: { steps: 10, batchSize: 4 },
    adaptation: { epochs: 0 },
    engine: 'ort',
    threads: 1,
    output: { checkpoints: folder, results: join(out, 'results'), report: false },
  };
  const detectors = { weave: folder, quick: join(out, 'quick') };
  // what the first stage leaves works by its memory
  await run(config, { instant: true });
  await cp(folder, detectors.quick, { recursive: true });
  await run(config);
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
