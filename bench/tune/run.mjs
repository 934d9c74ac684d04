// What tuning gains on real test images: image AUROC of a trained detector as it is, of every setting of the grid that `tune` has
// tried, and of the one that it chose on defects pasted into held-back good images alone. For `scoring.normalization: robust`.
// Usage: node bench/tune/run.mjs [--out tuned] [--threads 2] [--defects 48] detector-folder=data-set-root/category ...
//   works on copies of the detectors in --out; prints a row for each and the means
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadImages, openDataset } from '@ddad/datasets';
import {
  createScorer,
  distanceNames,
  fileSource,
  loadNetworks,
  manifestIn,
  reconstructionSettings,
  startEngineFor,
} from '@ddad/detector';
import { auroc } from '@ddad/metrics';
import { heldBackImages, tune } from '@ddad/pipeline';
import { termScale } from '@ddad/scoring';

const { values, positionals } = parseArgs({
  options: {
    out: { type: 'string', default: 'tuned' },
    threads: { type: 'string', default: '2' },
    defects: { type: 'string', default: '48' },
  },
  allowPositionals: true,
});
const threads = Number(values.threads);

/** Image AUROC of the test images with settings, given as `tune` words them; blurred distances are kept for the next ones. */
function createTester({ manifest, networks, engine, good, images, labels }) {
  const { config, calibration } = manifest;
  const scorer = createScorer(config, { networks, engine });
  const distances = new Map();
  const blurred = new Map();
  const leaveOut = calibration.sharedWithTraining ? good.map((_, i) => i) : undefined;

  async function distancesOf(settings) {
    const reconstruction = reconstructionSettings(withText(config, settings));
    const change = await scorer.change(good, { reconstruction });
    const task = { phase: 'evaluate', reconstruction, ...(change !== null && { change }) };
    const ofGood = await scorer.distances(good, { ...task, leaveOut });
    return [...ofGood, ...(await scorer.distances(images, task))];
  }

  async function blur(settings, all) {
    const blurring = createScorer(withText(config, settings), { networks, engine });
    const terms = {};
    for (const name of distanceNames.filter((each) => all[0][each])) {
      const scored = await blurring.maps(all, { terms: { [name]: { scale: 1, weight: 1 } } });
      const maps = scored.map(({ map }) => map);
      terms[name] = { scale: termScale(maps.slice(0, good.length)), maps: maps.slice(good.length) };
    }
    blurring.dispose();
    return terms;
  }

  return {
    async test(settings) {
      const how = settings.split(', sigma')[0];
      if (!distances.has(how)) distances.set(how, await distancesOf(settings));
      const key = `${how} ${valuesIn(settings).sigma}`;
      if (!blurred.has(key)) blurred.set(key, await blur(settings, distances.get(how)));
      const terms = Object.entries(blurred.get(key));
      const weights = weightsIn(settings);
      const scores = images.map((_, i) => {
        const sum = new Float32Array(terms[0][1].maps[i].length);
        for (const [name, { scale, maps }] of terms) {
          const factor = scale > 0 ? weights[name] / scale : 0;
          for (let at = 0; at < sum.length; at++) sum[at] += factor * maps[i][at];
        }
        return sum.reduce((a, b) => Math.max(a, b));
      });
      return auroc(labels, scores);
    },
    dispose: () => scorer.dispose(),
  };
}

const valuesIn = (text) =>
  Object.fromEntries(
    text
      .split(', ')
      .map((part) => [part.slice(0, part.lastIndexOf(' ')), part.slice(part.lastIndexOf(' ') + 1)]),
  );

function weightsIn(text) {
  const { pixel, feature, memory } = valuesIn(text);
  return Object.fromEntries(
    Object.entries({ pixel, feature, memory }).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Number(value)]],
    ),
  );
}

function withText(config, text) {
  const { levels, w, start, skip, sigma, v } = valuesIn(text);
  const given = { w, start, skip, v };
  const model = { ...config.model, ...(levels && { levels: levels.split('+').map(Number) }) };
  for (const [key, value] of Object.entries(given)) if (value !== undefined) model[key] = Number(value);
  return { ...config, model, scoring: { ...config.scoring, sigma: Number(sigma) } };
}

const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
const rows = [];
console.log('| set | as it was | tuned | best of the grid | tried | settings chosen | seconds |');
console.log('|---|---|---|---|---|---|---|');
for (const each of positionals) {
  const [from, path] = each.split('=');
  const at = resolve(path);
  const folder = join(values.out, basename(at));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(values.out, { recursive: true });
  cpSync(from, folder, { recursive: true });
  const source = fileSource(folder);
  const manifest = await manifestIn(source);
  const result = await tune(folder, { threads, defects: Number(values.defects) });

  const engine = await startEngineFor({ engine: 'auto', threads }, {});
  const networks = await loadNetworks(source, manifest);
  const side = manifest.config.data.imageSize;
  const dataset = await openDataset({ kind: 'mvtec', root: dirname(at), category: basename(at) });
  const store = await loadImages(dataset.test, { size: [side, side] });
  const images = store.samples.map((_, i) => store.get(i));
  const labels = store.samples.map(({ label }) => label);
  const good = await heldBackImages(from);
  const tester = createTester({ manifest, networks, engine, good, images, labels });
  const found = [];
  for (const { settings } of result.tried) found.push(await tester.test(settings));
  tester.dispose();
  networks.dispose();
  const row = [found[0], found[result.chosen], Math.max(...found)];
  rows.push(row);
  console.log(
    `| ${basename(at)} | ${row.map((value) => value.toFixed(3)).join(' | ')} | ${found.length} | ` +
      `${result.chosen ? result.tried[result.chosen].settings : 'those it had'} | ${result.seconds.toFixed(0)} |`,
  );
}
console.log(
  `| mean | ${[0, 1, 2].map((i) => mean(rows.map((row) => row[i])).toFixed(3)).join(' | ')} | | | |`,
);
