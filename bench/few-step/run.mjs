// What the fast reconstructions cost in AUROC and AUPRO, and what they save: trains a detector on each data set and evaluates
// it with each of `model.reconstruction`. Every one is calibrated anew, the extractor is the pretrained one.
// Usage: node bench/few-step/run.mjs [--weights resnet18.pth] [--size 64] [--steps 400] [--seeds 101,102]
//          [--out few-step] [data-set-root/category ...]
//   without a data set: synthetic ones of every category and seed; a training that was interrupted is resumed
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { adapt, evaluate, loadConfig, metricNames, synthesize, train } from '@ddad/pipeline';

const { values, positionals } = parseArgs({
  options: {
    weights: { type: 'string', default: 'random' },
    size: { type: 'string', default: '64' },
    steps: { type: 'string', default: '400' },
    // not 7, the demo's, on which the presets were chosen
    seeds: { type: 'string', default: '101,102' },
    out: { type: 'string', default: 'few-step' },
  },
  allowPositionals: true,
});
const imageSize = Number(values.size);
const weights = ['random', 'imagenet'].includes(values.weights) ? values.weights : resolve(values.weights);
const reconstructions = ['full', 'few-step', 'one-step'];
const shownMetrics = ['imageAuroc', 'pixelAuroc', 'aupro'].map((key) => [key, metricNames[key]]);

const sets = positionals
  .map((path) => resolve(path))
  .map((path) => ({ name: basename(path), root: dirname(path), category: basename(path) }));
if (sets.length === 0) {
  for (const seed of values.seeds.split(',').map(Number)) {
    for (const category of ['weave', 'tiles', 'gear', 'cap']) {
      sets.push({
        name: `${category}-${seed}`,
        root: join(values.out, 'data', String(seed)),
        category,
        seed,
      });
    }
  }
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/** Median of the milliseconds between images: on a CPU they come one by one. */
function stopwatch() {
  const times = [];
  return {
    onProgress: ({ phase }) => phase === 'evaluate' && times.push(performance.now()),
    each: () => median(times.slice(1).map((time, i) => time - times[i])),
  };
}

const found = [];
for (const { name, root, category, seed } of sets) {
  if (seed !== undefined) {
    const counts = { train: 96, testGood: 40, testDefect: 80 };
    await synthesize({ out: root, category, seed, size: imageSize, counts });
  }
  const checkpoints = join(values.out, 'checkpoints', name);
  const config = (reconstruction) =>
    loadConfig({
      preset: 'small',
      data: { root, category, imageSize },
      model: { channelMultipliers: [1, 2, 2], attentionResolutions: [16], reconstruction },
      training: { steps: Number(values.steps) },
      features: { weights },
      adaptation: { epochs: 0 },
      scoring: { sigma: imageSize / 64 },
      output: {
        checkpoints,
        results: join(values.out, 'results', `${name}-${reconstruction}`),
        report: false,
      },
    });
  await train(config('full'), { resume: existsSync(join(checkpoints, 'state.json')) });
  await adapt(config('full'));
  for (const reconstruction of reconstructions) {
    const { onProgress, each } = stopwatch();
    const { metrics } = await evaluate(config(reconstruction), { onProgress });
    found.push({ name, reconstruction, metrics, ms: each() });
    const shown = shownMetrics.map(([key, title]) => `${title} ${metrics[key].toFixed(4)}`);
    console.log(`${name} ${reconstruction.padEnd(8)} ${shown.join(', ')}, ${each().toFixed(0)} ms an image`);
  }
}

const mean = (numbers) => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
/** Standard error of the mean; of a single number there is none. */
const error = (numbers) =>
  Math.sqrt(mean(numbers.map((x) => (x - mean(numbers)) ** 2)) / (numbers.length - 1));
const signed = (x) => `${x < 0 ? '' : '+'}${x.toFixed(4)}`;
const of = (reconstruction) => found.filter((row) => row.reconstruction === reconstruction);
console.log(
  `\n${sets.length} data sets; mean of each, and its difference from full: mean +- its error (worst .. best)`,
);
for (const reconstruction of reconstructions) {
  const rows = of(reconstruction);
  const shown = shownMetrics.map(([key, title]) => {
    const apart = rows.map(({ metrics }, i) => metrics[key] - of('full')[i].metrics[key]);
    const against = `${signed(mean(apart))} ${apart.length > 1 ? `+- ${error(apart).toFixed(4)} ` : ''}(${signed(Math.min(...apart))} .. ${signed(Math.max(...apart))})`;
    return `${title} ${mean(rows.map(({ metrics }) => metrics[key])).toFixed(4)}${reconstruction === 'full' ? '' : `, ${against}`}`;
  });
  const faster = median(of('full').map(({ ms }, i) => ms / rows[i].ms));
  console.log(`${reconstruction.padEnd(8)} ${shown.join('; ')}; ${faster.toFixed(1)} times as fast`);
}
