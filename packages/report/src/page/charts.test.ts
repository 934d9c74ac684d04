import { auroc, averagePrecision } from '@ddad/metrics';
import { expect, it } from 'vitest';
import { sampleImages } from '../../testing/sample.js';
import { charts } from './charts.js';

const images = sampleImages(40, [8, 8]).map((image, i) => ({
  ...image,
  score: ((i * 37) % 40) / 8 + image.label!,
}));
const labels = images.map(({ label }) => label as number);
const scores = images.map(({ score }) => score);

/** Area under the line of a chart whose axes run from 0 to 1, between the ends of its x. */
function areaOf(title: string): number {
  const svg = charts({ title: '', images, threshold: 1 }).find((each) =>
    each.includes(`<title>${title}</title>`),
  )!;
  const [, points] = svg.match(/<polyline points="([^"]*)"/)!;
  const values = points.split(' ').map((point) => point.split(',').map(Number));
  const [left, right, top, bottom] = [52, 388, 34, 252];
  const x = values.map(([px]) => (px - left) / (right - left));
  const y = values.map(([, py]) => (bottom - py) / (bottom - top));
  return x.slice(1).reduce((sum, _, i) => sum + ((x[i + 1] - x[i]) * (y[i] + y[i + 1])) / 2, 0);
}

it('draws curves that enclose the metrics', () => {
  expect(areaOf('ROC, images')).toBeCloseTo(auroc(labels, scores), 2);
  expect(areaOf('Precision-recall, images')).toBeCloseTo(averagePrecision(labels, scores), 2);
});

it('marks a training that was validated once', () => {
  const curves = { validation: [{ step: 5, loss: 0.2 }] };
  const drawn = charts({ title: '', images, threshold: 1, curves });
  expect(drawn.at(-1)).toMatch(/<circle cx="220" cy="34"/);
});
