import { type PrecisionRecallCurve, precisionRecallCurve, proCurve, rocCurve } from '@ddad/metrics';
import { curveSvg } from '../curve-svg.js';
import { histogramSvg } from '../histogram-svg.js';
import { quantize, rangeOf } from '../quantize.js';
import type { ReportImage } from '../report-image.js';
import type { ReportOptions } from '../report-options.js';

/** Every chart the data allow, as SVG. */
export function charts(options: ReportOptions): string[] {
  const { images, threshold, curves, calibrationScores = [] } = options;
  return [
    histogram(images, threshold),
    ...(calibrationScores.length > 0 ? [calibrationHistogram(calibrationScores, options)] : []),
    ...imageCurves(images),
    ...pixelCurves(images),
    ...trainingCurves(curves),
  ];
}

function histogram(images: ReportImage[], threshold: number): string {
  const values = (label?: 0 | 1) => images.filter((i) => i.label === label).map((i) => i.score);
  const groups = [
    { name: 'good', values: values(0) },
    { name: 'anomalous', values: values(1) },
    { name: 'unlabelled', values: values(undefined) },
  ].filter((group) => group.values.length > 0);
  const xRange = scoreRange(images, threshold);
  return histogramSvg(groups, { title: 'Image scores', xLabel: 'score', threshold, xRange });
}

/** What the threshold comes from, on the axis of the other histogram where it fits in. */
function calibrationHistogram(scores: readonly number[], { images, threshold }: ReportOptions): string {
  const [low, high] = scoreRange(images, threshold);
  const xRange = [Math.min(low, ...scores), Math.max(high, ...scores)] as const;
  return histogramSvg([{ name: 'good, for the threshold', values: scores }], {
    title: `The threshold rests on ${scores.length} scores`,
    xLabel: 'score',
    threshold,
    xRange,
  });
}

/** Range of the slider and the histogram. */
export function scoreRange(images: ReportImage[], threshold: number): [number, number] {
  const [low, high] = rangeOf([images.map((i) => i.score), [threshold]]);
  const margin = (high - low || Math.abs(high) || 1) * 0.04;
  return [low - margin, high + margin];
}

function imageCurves(images: ReportImage[]): string[] {
  const labelled = images.filter((i) => i.label !== undefined);
  const labels = labelled.map((i) => i.label as number);
  const scores = labelled.map((i) => i.score);
  if (new Set(labels).size < 2) return [];
  const { fpr, tpr } = rocCurve(labels, scores);
  const pr = steps(precisionRecallCurve(labels, scores));
  const unit = { xRange: [0, 1], yRange: [0, 1] } as const;
  return [
    curveSvg([{ name: 'ROC', x: fpr, y: tpr }], {
      ...unit,
      title: 'ROC, images',
      xLabel: 'false positive rate',
      yLabel: 'true positive rate',
      diagonal: true,
    }),
    curveSvg([{ name: 'precision-recall', ...pr }], {
      ...unit,
      title: 'Precision-recall, images',
      xLabel: 'recall',
      yLabel: 'precision',
    }),
  ];
}

/** The steps under which average precision is the area: a straight line between two thresholds overstates it. */
function steps({ precision, recall }: PrecisionRecallCurve): { x: number[]; y: number[] } {
  const x: number[] = [];
  const y: number[] = [];
  for (let i = recall.length - 2; i >= 0; i--) {
    if (recall[i] === recall[i + 1]) continue;
    x.push(recall[i + 1], recall[i]);
    y.push(precision[i], precision[i]);
  }
  return { x, y };
}

/** Pixel curves over the images with a mask and the good ones, from maps rounded to 65536 levels. */
function pixelCurves(images: ReportImage[]): string[] {
  const { width, height } = images[0];
  const used = images.filter((i) => i.mask !== undefined || i.label === 0);
  if (used.some((i) => i.width !== width || i.height !== height)) return [];
  const size = width * height;
  const masks = new Uint8Array(used.length * size);
  const maps = new Uint16Array(used.length * size);
  const range = rangeOf(used.map((i) => i.map));
  used.forEach(({ mask, map }, i) => {
    if (mask) masks.set(mask.map(Math.sign), i * size);
    maps.set(quantize(map, { range, levels: 65536 }), i * size);
  });
  const defects = masks.reduce((sum, m) => sum + m, 0);
  if (defects === 0 || defects === masks.length) return [];
  const pro = proCurve(masks, maps, { shape: [used.length, height, width] });
  const roc = rocCurve(masks, maps);
  const curves = [
    { name: 'PRO', x: pro.fpr, y: pro.pro },
    { name: 'TPR', x: roc.fpr, y: roc.tpr },
  ];
  return [
    curveSvg(curves, {
      xRange: [0, 1],
      yRange: [0, 1],
      title: 'Region overlap (PRO), pixels',
      xLabel: 'false positive rate; shaded: AUPRO up to 0.3',
      yLabel: 'mean overlap / TPR',
      limit: 0.3,
    }),
  ];
}

/** Loss and validation measure different things: a chart each. */
function trainingCurves({ loss = [], validation = [] }: NonNullable<ReportOptions['curves']> = {}): string[] {
  const charts = [
    { title: 'Training loss', yLabel: 'loss', points: loss },
    { title: 'Reconstruction error, good images', yLabel: 'mean absolute error', points: validation },
  ];
  return charts
    .filter(({ points }) => points.length > 0)
    .map(({ title, yLabel, points }) => {
      const y = points.map((p) => p.loss);
      const high = rangeOf([y])[1];
      const line = { name: title, x: points.map((p) => p.step), y };
      return curveSvg([line], { title, xLabel: 'step', yLabel, yRange: [0, high || 1] });
    });
}
