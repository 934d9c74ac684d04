// How far a per-pixel mean and variance gets on each synthetic category: image and pixel AUROC. The categories are
// meant to be too varied for it.
//
//     npm run build -w @ddad/datasets -w @ddad/metrics && node tools/peers/synthetic-baseline.mjs [size]

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage, loadMask, makeSynthetic, openDataset, syntheticCategories } from '@ddad/datasets';
import { auroc } from '@ddad/metrics';

const side = Number(process.argv[2] ?? 64);
const out = await mkdtemp(join(tmpdir(), 'ddad-baseline-'));

function blur(map, sigma) {
  if (sigma === 0) return map;
  const radius = Math.ceil(4 * sigma);
  const kernel = Array.from({ length: 2 * radius + 1 }, (_, i) =>
    Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma)),
  );
  const sum = kernel.reduce((a, b) => a + b);
  const mirror = (i) => {
    while (i < 0 || i >= side) i = i < 0 ? -i - 1 : 2 * side - 1 - i;
    return i;
  };
  const pass = (from, stepX, stepY) =>
    Float64Array.from({ length: side * side }, (_, i) => {
      const x = i % side;
      const y = Math.floor(i / side);
      let value = 0;
      for (let k = -radius; k <= radius; k++) {
        value += kernel[k + radius] * from[mirror(y + k * stepY) * side + mirror(x + k * stepX)];
      }
      return value / sum;
    });
  return pass(pass(map, 1, 0), 0, 1);
}

try {
  for (const category of syntheticCategories) {
    await makeSynthetic({ out, category, size: side, seed: Number(process.argv[3] ?? 0) });
    const { train, test } = await openDataset({ kind: 'mvtec', root: out, category });
    const load = async (samples) =>
      Promise.all(samples.map(async ({ imagePath }) => (await loadImage(imagePath)).data));
    const images = await load(train);
    const n = images[0].length;
    const mean = new Float64Array(n);
    const square = new Float64Array(n);
    for (const data of images) {
      for (let i = 0; i < n; i++) {
        mean[i] += data[i] / images.length;
        square[i] += data[i] ** 2 / images.length;
      }
    }
    const maps = (await load(test)).map((data) => {
      const map = new Float64Array(n / 3);
      for (let i = 0; i < n; i++) {
        map[Math.floor(i / 3)] += Math.abs(data[i] - mean[i]) / Math.sqrt(square[i] - mean[i] ** 2 + 1) / 3;
      }
      return map;
    });
    const masks = await Promise.all(test.map((sample) => loadMask(sample, { size: [side, side] })));
    const columns = [];
    for (const sigma of [0, 1, 2, 4]) {
      const blurred = maps.map((map) => blur(map, sigma));
      const image = auroc(
        test.map(({ label }) => label),
        blurred.map((map) => Math.max(...map)),
      );
      const pixel = auroc(
        Uint8Array.from(masks.flatMap((mask) => Array.from(mask, (value) => (value > 0 ? 1 : 0)))),
        Float64Array.from(blurred.flatMap((map) => Array.from(map))),
      );
      columns.push(`sigma ${sigma}: ${image.toFixed(3)} ${pixel.toFixed(3)}`);
    }
    console.log(`${category.padEnd(7)} image and pixel AUROC  ${columns.join('   ')}`);
  }
} finally {
  await rm(out, { recursive: true, force: true });
}
