// What the fast reconstructions cost in AUROC, and what they save: trains a detector once per data set and evaluates it
// with each of `model.reconstruction`. Every one is calibrated anew, the extractor is the pretrained one.
// Usage: node bench/few-step/run.mjs [--weights resnet18.pth] [--steps 400] [data-set-root/category ...]
//   without a data set: synthetic ones; a training that was interrupted is resumed
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { adapt, evaluate, loadConfig, synthesize, train } from '@ddad/pipeline';

const { values, positionals } = parseArgs({
  options: {
    weights: { type: 'string', default: 'random' },
    steps: { type: 'string', default: '400' },
    out: { type: 'string', default: 'few-step' },
  },
  allowPositionals: true,
});
const sets = positionals.map((path) => ({ root: dirname(path), category: basename(path) }));
if (sets.length === 0) {
  for (const category of ['weave', 'gear']) {
    const root = join(values.out, 'data');
    const counts = { train: 96, testGood: 18, testDefect: 36 };
    if (!existsSync(join(root, category)))
      await synthesize({ out: root, category, seed: 7, size: 64, counts });
    sets.push({ root, category });
  }
}

for (const { root, category } of sets) {
  const checkpoints = join(values.out, 'checkpoints', category);
  const config = (reconstruction) =>
    loadConfig({
      data: { root, category },
      model: { channelMultipliers: [1, 2, 2], attentionResolutions: [16], reconstruction },
      training: { steps: Number(values.steps) },
      features: { weights: values.weights },
      adaptation: { epochs: 0 },
      scoring: { sigma: 2 },
      output: {
        checkpoints,
        results: join(values.out, 'results', `${category}-${reconstruction}`),
        report: false,
      },
    });
  await train(config('full'), { resume: existsSync(join(checkpoints, 'state.json')) });
  await adapt(config('full'));
  for (const reconstruction of ['full', 'few-step', 'one-step']) {
    await evaluate(config(reconstruction)); // calibrates and compiles
    const { metrics, seconds, images } = await evaluate(config(reconstruction));
    const found = [metrics.imageAuroc, metrics.pixelAuroc, metrics.aupro].map((value) => value.toFixed(4));
    console.log(
      `${category} ${reconstruction.padEnd(8)} image AUROC ${found[0]}, pixel AUROC ${found[1]}, ` +
        `AUPRO ${found[2]}, ${((1000 * seconds) / images.length).toFixed(0)} ms an image`,
    );
  }
}
