// The pictures of docs/method.md and docs/guide.md, in docs/images: of the demo's detector and of the guide's first one. Needs a
// build, and /usr/bin/chromium for the report's picture.
// Usage: node tools/docs/figures.mjs [folder of a finished demo]      without one it runs the demo: minutes
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  buildSchedule,
  createScorer,
  Detector,
  fileSource,
  loadNetworks,
  manifestIn,
  reconstructionSettings,
  startEngineFor,
  toBytes,
  toTensor,
} from '@ddad/detector';
import { reconstruct } from '@ddad/diffusion';
import { readImage } from '@ddad/images';
import { demo, detectFiles, run, synthesize } from '@ddad/pipeline';
import { heatMap, overlay, panel } from '@ddad/report';
import * as tf from '@tensorflow/tfjs';
import { chromium } from 'playwright-core';

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'ddad-figures-'));
mkdirSync(images, { recursive: true });

/** Pixels of a small picture as squares of `factor`, for the eye. */
function enlarged({ data, width, height }, factor) {
  const side = { width: width * factor, height: height * factor };
  const out = new Uint8Array(3 * side.width * side.height);
  for (let y = 0; y < side.height; y++) {
    for (let x = 0; x < side.width; x++) {
      const from = 3 * (Math.floor(y / factor) * width + Math.floor(x / factor));
      out.set(data.subarray(from, from + 3), 3 * (y * side.width + x));
    }
  }
  return { data: out, ...side };
}
const strip = (name, pictures) =>
  writeFile(
    join(images, name),
    panel(
      pictures.map((each) => enlarged(each, 3)),
      { gap: 9 },
    ),
  );

/** Whose defect stands out most. */
async function chosenOf(checkpoint, folder) {
  const found = [];
  for await (const each of detectFiles([folder], { checkpoint })) found.push(each);
  return found.sort((a, b) => b.score / b.threshold - a.score / a.threshold)[0].path;
}

async function method(folder) {
  const checkpoint = join(folder, 'checkpoints');
  const path = await chosenOf(checkpoint, join(folder, 'data/weave/test/scratch'));
  const source = fileSource(checkpoint);
  const manifest = await manifestIn(source);
  const { config } = manifest;
  const engine = await startEngineFor(config, {});
  const size = { width: config.data.imageSize, height: config.data.imageSize };
  const { data: bytes } = await readImage(readFileSync(path), {
    size: [size.height, size.width],
    channels: 3,
  });

  const networks = await loadNetworks(source, manifest);
  const schedule = buildSchedule(config);
  const x = toTensor([bytes], size.width, 3);
  const picture = (values) => ({ data: toBytes(values), ...size });
  const seen = [];
  let first;
  let seed = 1;
  const noise = (shape) => {
    const n = tf.randomNormal(shape, 0, 1, 'float32', seed++);
    first ??= tf.keep(n.clone());
    return n;
  };
  const settings = reconstructionSettings(config);
  const made = await reconstruct(networks.unet, x, {
    ...settings,
    target: x,
    schedule,
    noise,
    onStep: async ({ x: xt }) => seen.push(picture(await xt.data())),
  });
  const alphaBar = schedule.alphaBar(settings.start);
  const start = await x
    .mul(Math.sqrt(alphaBar))
    .add(first.mul(Math.sqrt(1 - alphaBar)))
    .data();
  const original = { data: bytes, ...size };
  await strip('method-steps.png', [original, picture(start), seen[0], seen[2], seen.at(-1)]);
  tf.dispose([x, made, first]);

  const scorer = createScorer(config, { networks, engine });
  const [distances] = await scorer.distances([bytes], { phase: 'detect' });
  scorer.dispose();
  networks.dispose();
  const detector = await Detector.load(checkpoint);
  const { map, threshold } = await detector.detect(path);
  detector.dispose();
  const coloured = (values, range = [0, Math.max(...values)]) => ({
    data: heatMap(values, { ...size, range }),
    ...size,
  });
  await strip('method-distances.png', [
    original,
    ...[distances.pixel, distances.feature, distances.memory].map((each) => coloured(each)),
    coloured(map, [0, 2 * threshold]),
    { data: overlay(bytes, map, { ...size, threshold, range: [0, 2 * threshold] }), ...size },
  ]);
}

async function guide() {
  const made = await synthesize({
    out: join(work, 'made'),
    category: 'cap',
    seed: 0,
    size: 256,
    counts: { train: 60, testGood: 12, testDefect: 12 },
  });
  const root = join(work, 'photos');
  mkdirSync(root);
  renameSync(join(made.root, 'cap/train/good'), join(root, 'good'));
  renameSync(join(made.root, 'cap/test'), join(root, 'test'));
  const output = { checkpoints: join(work, 'checkpoints'), results: join(work, 'results') };
  const report = await run({ data: { kind: 'folder', root }, output }, { instant: true });
  const out = join(work, 'found');
  const paths = ['crack', 'scratch', 'stain'].map((name) => join(root, 'test', name, '000.png'));
  const overlays = [];
  for (const path of paths) {
    for await (const { overlay } of detectFiles([path], {
      checkpoint: output.checkpoints,
      out: join(out, path.at(-11)),
    })) {
      overlays.push(await readImage(readFileSync(overlay), { channels: 3 }));
    }
  }
  await writeFile(join(images, 'guide-found.png'), panel(overlays, { gap: 8 }));

  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
  const page = await browser.newPage({ viewport: { width: 1100, height: 800 }, colorScheme: 'light' });
  await page.goto(pathToFileURL(report.files.report).href);
  await page.screenshot({ path: join(images, 'guide-report.png') });
  await browser.close();
}

let [folder] = process.argv.slice(2);
if (!folder) {
  folder = join(work, 'demo');
  await demo({ out: folder });
}
await method(folder);
await guide();
rmSync(work, { recursive: true });
console.log(
  readdirSync(images)
    .filter((name) => existsSync(join(images, name)))
    .join(', '),
);
