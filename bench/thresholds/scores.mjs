// Scores of good images that a detector has not seen, for run.mjs: of detectors of the first stage (`ddad run --instant`).
// Of categories that `makeSynthetic` knows new ones are drawn; of a folder like MVTec's, three fifths of the training
// images are held back and joined by the good test images.
// Usage: node bench/thresholds/scores.mjs [--images 400] [--size 128] [--work thresholds] [--out scores.json] category|folder ...
import { writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeSynthetic, openDataset, syntheticCategories } from '@ddad/datasets';
import { Detector } from '@ddad/detector';
import { checkpointFolder, loadConfig, run } from '@ddad/pipeline';

const { values, positionals } = parseArgs({
  options: {
    images: { type: 'string', default: '400' },
    size: { type: 'string', default: '128' },
    work: { type: 'string', default: 'thresholds' },
    out: { type: 'string', default: 'scores.json' },
  },
  allowPositionals: true,
});

/** Scores of the good test images of one category. */
async function scoresOf(root, category, scoring) {
  const config = loadConfig({
    data: { kind: 'mvtec', root, category, imageSize: Number(values.size) },
    features: { weights: 'embedded' },
    scoring,
    output: {
      checkpoints: join(values.work, 'checkpoints', category),
      results: join(values.work, 'results', category),
      report: false,
    },
  });
  await run(config, { instant: true, overwrite: true });
  const detector = await Detector.load(checkpointFolder(config));
  const { test } = await openDataset({ kind: 'mvtec', root, category });
  const paths = test.filter(({ label }) => label === 0).map(({ imagePath }) => imagePath);
  const scores = [];
  for await (const { score } of detector.detectAll(paths)) scores.push(score);
  const { calibration } = detector.manifest;
  detector.dispose();
  return { calibration: calibration.scores, test: scores };
}

const made = {};
for (const each of positionals) {
  if (syntheticCategories.includes(each)) {
    const root = join(values.work, 'data');
    const counts = { train: 60, testGood: Number(values.images), testDefect: 8 };
    await makeSynthetic({ out: root, category: each, seed: 1, size: Number(values.size), counts });
    made[each] = await scoresOf(root, each, {});
  } else {
    const folder = resolve(each);
    made[basename(folder)] = await scoresOf(dirname(folder), basename(folder), { holdBack: 0.6 });
  }
  const { calibration, test } = made[basename(each)];
  writeFileSync(values.out, `${JSON.stringify(made)}\n`);
  console.log(`${each}: ${calibration.length} held back, ${test.length} of the test`);
}
