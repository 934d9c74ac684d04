// How well regions hug defects: mean intersection over union of regions and masks of the pictures that a detector calls anomalous,
// with all pixels at or above the threshold ('before'), with what the map alone tells, with what the image tells beside it, and
// with the best single level for each picture, which no rule can know. A defect (connected part of a mask) is lost where a region
// touched it before and none does now.
// Usage: node bench/regions/run.mjs [--shares 0.7,0.75] [--guided 0.7:0.4,0.75:0.4] [--pasted] detector-folder=data-set-root/category ...
//   --shares: of the map alone, see regionPixels; --guided: a share of the map and one of the filter, see guidedRegion
//   --pasted: defects pasted into the images that were held back, instead of test images: what the shares were chosen by
import { basename, dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { loadImages, loadMask, openDataset } from '@ddad/datasets';
import { Detector } from '@ddad/detector';
import { connectedComponents, regionPixels } from '@ddad/metrics';
import { guidedRegion } from '@ddad/metrics/regions';
import { deriveSeed } from '@ddad/nn';
import { heldBackImages, pasteDefect } from '@ddad/pipeline';

const { values, positionals } = parseArgs({
  options: {
    shares: { type: 'string', default: '0.7,0.75' },
    guided: { type: 'string', default: '0.75:0.4' },
    pasted: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const rules = [
  { name: 'before', share: 0 },
  ...values.shares.split(',').map((share) => ({ name: `map ${share}`, share: Number(share) })),
  ...values.guided.split(',').map((pair) => {
    const [share, guided] = pair.split(':').map(Number);
    return { name: `image ${pair}`, share, guided };
  }),
];

function regionOf({ map, image, threshold }, shape, { share, guided }) {
  const region = regionPixels(map, shape, threshold, share);
  return guided ? guidedRegion(region, { shape, map, threshold, image, share: guided }) : region;
}

async function defectiveImages(detector, folder, path) {
  const side = detector.config.data.imageSize;
  if (values.pasted) {
    const good = await heldBackImages(folder);
    return Array.from({ length: 48 }, (_, i) => {
      const other = good[(i + 1 + Math.floor(i / good.length)) % good.length];
      return pasteDefect(good[i % good.length], { size: side, other, seed: deriveSeed(7, i) });
    });
  }
  const at = resolve(path);
  const dataset = await openDataset({ kind: 'mvtec', root: dirname(at), category: basename(at) });
  const samples = dataset.test.filter(({ label }) => label === 1);
  const store = await loadImages(samples, { size: [side, side] });
  const masks = await Promise.all(samples.map((sample) => loadMask(sample, { size: [side, side] })));
  return masks.flatMap((mask, i) => (mask ? [{ image: store.get(i), mask }] : []));
}

function overlap(pixels, mask) {
  let both = 0;
  let either = 0;
  for (let i = 0; i < mask.length; i++) {
    if (pixels[i] && mask[i]) both++;
    if (pixels[i] || mask[i]) either++;
  }
  return both / either;
}

const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
const rows = [];
console.log(
  `| set | called anomalous | ${rules.map(({ name }) => name).join(' | ')} | best level | defects touched | lost |`,
);
console.log(`|${'---|'.repeat(rules.length + 5)}`);
for (const each of positionals) {
  const [folder, path] = each.split('=');
  const detector = await Detector.load(folder);
  const { imageSize: side, channels } = detector.config.data;
  const images = await defectiveImages(detector, folder, path);
  const ious = rules.map(() => []);
  const best = [];
  const lost = rules.map(() => 0);
  let touched = 0;
  for (const { image, mask: bytes } of images) {
    const mask = bytes.map((value) => (value > 127 ? 1 : 0));
    const pixels = { data: image, width: side, height: side, channels };
    const { map, score, threshold, isAnomalous } = await detector.detect(pixels);
    if (!isAnomalous) continue;
    const parts = connectedComponents(mask, { shape: [side, side], connectivity: 8 });
    const touches = (of) => new Set(parts.labels.filter((label, i) => label && of[i]));
    const found = rules.map((rule) => regionOf({ map, image, threshold }, [side, side], rule));
    const before = touches(found[0]);
    touched += before.size;
    for (const [i, pixels] of found.entries()) {
      ious[i].push(overlap(pixels, mask));
      lost[i] += before.size - touches(pixels).size;
    }
    const levels = Array.from({ length: 21 }, (_, i) => threshold + ((score - threshold) * i) / 20);
    best.push(
      Math.max(
        ...levels.map((level) =>
          overlap(
            map.map((v) => (v >= level ? 1 : 0)),
            mask,
          ),
        ),
      ),
    );
  }
  detector.dispose();
  const row = [...ious.map(mean), mean(best)];
  rows.push(row);
  console.log(
    `| ${basename(path ?? folder)} | ${best.length} of ${images.length} | ${row.map((value) => value.toFixed(2)).join(' | ')} | ${touched} | ${lost.slice(1).join(', ')} |`,
  );
}
console.log(
  `| mean | | ${rows[0].map((_, i) => mean(rows.map((row) => row[i])).toFixed(3)).join(' | ')} | | |`,
);
