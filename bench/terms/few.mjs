// What few good images do, and defective ones among them: a detector of the first stage (`ddad run --instant`, preset auto)
// from 8, 20 and all good images, and from all with so many defective ones that they are a twentieth.
// Usage: node bench/terms/few.mjs [--weights FILE|embedded|random] [--seeds 1,2,3] [--out few] [--set key=value ...] data-set-root/category ...
//   Defective images that are put among the good ones leave the test images. Prints a row of means over seeds per data set and case.
import { cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { randomIntegers } from '@ddad/nn';
import { loadConfig, run } from '@ddad/pipeline';

const { values, positionals } = parseArgs({
  options: {
    weights: { type: 'string', default: 'embedded' },
    seeds: { type: 'string', default: '1,2,3' },
    out: { type: 'string', default: 'few' },
    set: { type: 'string', multiple: true, default: [] },
  },
  allowPositionals: true,
});
const isName = ['random', 'imagenet', 'embedded', 'auto'].includes(values.weights);
const cases = [
  ['8 good', { count: 8 }],
  ['20 good', { count: 20 }],
  ['all good', {}],
  ['5 % defective', { defective: 0.05 }],
];

function shuffled(list, seed) {
  const keys = randomIntegers(seed, list.length, 2 ** 31);
  return list
    .map((value, i) => [keys[i], value])
    .sort(([a], [b]) => a - b)
    .map(([, value]) => value);
}

/** A copy of a category in `folder` with other training images; returns the names of the defective ones among them. */
function prepare(category, folder, { count, defective = 0, seed }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'train', 'good'), { recursive: true });
  for (const part of ['test', 'ground_truth'])
    cpSync(join(category, part), join(folder, part), { recursive: true });
  const good = shuffled(readdirSync(join(category, 'train', 'good')).sort(), seed).slice(0, count);
  for (const name of good) cpSync(join(category, 'train', 'good', name), join(folder, 'train', 'good', name));
  const bad = readdirSync(join(category, 'test'))
    .filter((kind) => kind !== 'good')
    .sort()
    .flatMap((kind) => readdirSync(join(category, 'test', kind)).map((name) => [kind, name]));
  const taken = shuffled(bad, seed).slice(0, Math.round((good.length * defective) / (1 - defective)));
  return taken.map(([kind, name]) => {
    const inTraining = `${kind}-${name}`;
    cpSync(join(folder, 'test', kind, name), join(folder, 'train', 'good', inTraining));
    rmSync(join(folder, 'test', kind, name));
    const mask = name.replace(/\.\w+$/, '_mask.png');
    rmSync(join(folder, 'ground_truth', kind, mask), { force: true });
    return inTraining;
  });
}

const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
const share = (part, whole) => `${part} of ${whole}`;
console.log(
  '| set | good images | image AUROC | pixel AUROC | AUPRO | false calls | defects found | named as unlike |',
);
console.log('|---|---|---|---|---|---|---|---|');
for (const path of positionals) {
  const category = basename(resolve(path));
  for (const [name, options] of cases) {
    const found = [];
    for (const seed of values.seeds.split(',').map(Number)) {
      const root = join(values.out, 'data', name.replaceAll(/\W+/g, '-'));
      const taken = prepare(resolve(path), join(root, category), { ...options, seed });
      const checkpoints = join(values.out, 'checkpoints');
      rmSync(checkpoints, { recursive: true, force: true });
      const config = loadConfig(
        {
          preset: 'auto',
          seed,
          data: { kind: 'mvtec', root, category },
          features: { weights: isName ? values.weights : resolve(values.weights) },
          output: { checkpoints, results: join(values.out, 'results'), report: false },
        },
        { overrides: values.set },
      );
      let notices = '';
      const { metrics, confusion } = await run(config, {
        instant: true,
        onNotice: (notice) => {
          notices += `${notice}\n`;
        },
      });
      const named = Number(/(\d+) of \d+ training images look unlike/.exec(notices)?.[1] ?? 0);
      const seen = taken.filter((file) => notices.includes(file)).length;
      found.push({ metrics, confusion, named, seen, taken: taken.length });
    }
    const metric = (key) => mean(found.map(({ metrics }) => metrics[key])).toFixed(3);
    const sum = (of) => found.reduce((total, each) => total + of(each), 0);
    const { tp, fp, tn, fn } = Object.fromEntries(
      ['tp', 'fp', 'tn', 'fn'].map((key) => [key, sum(({ confusion }) => confusion[key])]),
    );
    console.log(
      `| ${category} | ${name} | ${metric('imageAuroc')} | ${metric('pixelAuroc')} | ${metric('aupro')} | ` +
        `${share(fp, fp + tn)} | ${share(tp, tp + fn)} | ` +
        `${sum(({ named }) => named)}${
          options.defective
            ? `, of them ${share(
                sum(({ seen }) => seen),
                sum(({ taken }) => taken),
              )} defective`
            : ''
        } |`,
    );
  }
}
