import { join } from 'node:path';
import { centreBox, cropTo, type Distances } from '@ddad/detector';
import { withChannels } from '@ddad/images';
import { heatMap, overlay, panel, renderReport } from '@ddad/report';
import { writeAtomic } from '../io/write-atomic.js';
import type { Curves } from '../training/curves.js';
import { describeCertainty } from './describe-calibration.js';
import { describeForeign } from './describe-foreign.js';
import type { EvaluatedTestSet } from './evaluated-test-set.js';
import type { Metrics } from './measure.js';
import { named } from './metric-names.js';
import type { Report } from './report.js';
import { scoresCsv } from './scores-csv.js';

export interface WriteResultsOptions {
  report: Report;
  /** Shown in the pages; without it there are none. */
  test?: EvaluatedTestSet;
  /** Metrics of other methods on the same images, under the names to show. */
  baselines?: Record<string, Metrics>;
  curves?: Curves;
  /** Scores of the good images that the threshold comes from. */
  calibrationScores?: readonly number[];
  /** Paragraphs below the heading. */
  notes?: string[];
}

/** Writes `metrics.json` and `scores.csv`, and with `output.report` `maps/` and `report.html`. */
export async function writeResults(options: WriteResultsOptions): Promise<void> {
  const { report, test, baselines } = options;
  await writeAtomic(report.files.scores, scoresCsv(report.images));
  if (report.files.report && test) await writePages({ ...options, test });
  // Last: where it lies, all else is complete.
  await writeAtomic(report.files.metrics, `${JSON.stringify({ ...report, baselines }, null, 2)}\n`);
}

async function writePages({
  report,
  test,
  baselines,
  curves,
  calibrationScores,
  notes = [],
}: WriteResultsOptions & { test: EvaluatedTestSet }): Promise<void> {
  const { data, scoring } = report.config;
  const box = centreBox(data.imageSize, scoring.crop);
  const isTiled = data.tiles !== null;
  const crop = <T extends Float32Array | Uint8Array>(values: T) =>
    isTiled ? values : cropTo(values, data.imageSize, box);
  const shownSizes = isTiled ? test.sizes : test.sizes.map(() => ({ width: box.width, height: box.height }));
  const rgb = (bytes: Uint8Array, i: number) =>
    crop(withChannels({ data: bytes, ...test.sizes[i], channels: data.channels }, 3).data);
  const reconstructionOf = ({ reconstruction }: Distances, i: number) =>
    reconstruction && { reconstruction: rgb(reconstruction, i) };
  const maps = test.scored.map(({ map }) => crop(map));
  const side = isTiled ? data.imageSize : undefined;
  const range = [0, 0] as [number, number];
  range[0] = Math.min(...maps.map((map) => map.reduce((a, b) => Math.min(a, b))));
  range[1] = Math.max(...maps.map((map) => map.reduce((a, b) => Math.max(a, b))));

  const images = report.images.map(({ id, label, defect, score }, i) => ({
    id,
    label,
    defect,
    score,
    ...shownSizes[i],
    input: rgb(test.images[i], i),
    ...reconstructionOf(test.distances[i], i),
    map: maps[i],
    mask: test.masks[i] && crop(test.masks[i]),
  }));
  for (const { id, input, reconstruction, map, mask, width, height } of images) {
    const size = { width, height };
    const pictures = [
      input,
      ...(reconstruction ? [reconstruction] : []),
      heatMap(map, { ...size, range }),
      overlay(input, map, { ...size, range, threshold: report.threshold, side }),
    ];
    if (mask) pictures.push(withChannels({ data: mask, ...size, channels: 1 }, 3).data);
    const png = panel(pictures.map((picture) => ({ ...size, data: picture })));
    await writeAtomic(join(report.files.maps!, `${id.replace(/\.png$/i, '')}.png`), png);
  }

  const { name, category, train, test: tested } = report.dataset;
  const html = await renderReport({
    title: `DDAD on ${[name, category].filter(Boolean).join(' / ')}`,
    images,
    threshold: report.threshold,
    mapRange: range,
    side,
    metrics: named(report.metrics),
    baselines:
      baselines &&
      Object.fromEntries(Object.entries(baselines).map(([name, metrics]) => [name, named(metrics)])),
    timing: { evaluation: report.seconds },
    config: report.config,
    curves,
    calibrationScores: report.certainty && calibrationScores,
    notes: [
      `${train} training and ${tested} test images; engine ${report.engine}; threshold ` +
        `${report.threshold.toPrecision(6)} (${report.thresholdFrom}).`,
      ...(report.certainty ? describeCertainty(report.certainty).map(forReaders) : []),
      ...(report.imageAurocInterval
        ? [
            `Image AUROC, 95 % bootstrap interval: ${[report.imageAurocInterval.low, report.imageAurocInterval.high].map((end) => end.toFixed(4)).join(' to ')}.`,
          ]
        : []),
      ...(!isTiled && box.height < data.imageSize
        ? [
            `Scored and shown: the centre, ${box.width} x ${box.height} of ${data.imageSize} x ${data.imageSize} pixels.`,
          ]
        : []),
      ...describeForeign(report.images),
      ...report.notReported.map((line) => `Not reported: ${line}.`),
      ...notes,
    ],
  });
  await writeAtomic(report.files.report!, html);
}

/** Without the marks that the command line turns into its own words. */
function forReaders(line: string): string {
  return line.replaceAll('`', '');
}
