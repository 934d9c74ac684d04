import { checkOptions } from '@ddad/options';
import { escapeText } from './escape.js';
import { formatNumber } from './format.js';
import { quantize, rangeOf } from './quantize.js';
import { area, drawing, scales, seriesColors } from './svg-axes.js';

/** Values of one class. */
export interface HistogramGroup {
  name: string;
  values: ArrayLike<number>;
}

/** Options of {@link histogramSvg}. */
export interface HistogramOptions {
  title: string;
  xLabel: string;
  /** Number of bins. @default 24 */
  bins?: number;
  /** Draws a line here. */
  threshold?: number;
  /** Ends of the horizontal axis. @default the range of the data and the threshold */
  xRange?: readonly [number, number];
}

/**
 * Histogram of one to four groups, their bars beside each other in every bin, as an SVG drawing.
 * @throws without a value, with more than four groups, or a number of bins below 1
 */
export function histogramSvg(groups: readonly HistogramGroup[], options: HistogramOptions): string {
  checkOptions('histogramSvg', options, {
    title: true,
    xLabel: true,
    bins: true,
    threshold: true,
    xRange: true,
  });
  const { title, xLabel, bins = 24, threshold } = options;
  if (!groups.some(({ values }) => values.length > 0)) {
    throw new Error('histogramSvg: needs at least one value, got none');
  }
  if (groups.length > seriesColors.length) {
    throw new Error(`histogramSvg: needs at most ${seriesColors.length} groups, got ${groups.length}`);
  }
  if (!(Number.isInteger(bins) && bins > 0)) {
    throw new Error(`histogramSvg: bins must be a positive whole number, got ${bins}`);
  }
  const extra = threshold === undefined || !Number.isFinite(threshold) ? [] : [threshold];
  const { xRange = rangeOf([...groups.map(({ values }) => values), extra]) } = options;
  const counts = groups.map(({ values }) => {
    const count = new Array<number>(bins).fill(0);
    for (const bin of quantize(values, { range: xRange, levels: bins })) count[bin]++;
    return count;
  });
  const yRange = [0, Math.max(...counts.flat())] as const;
  const { x, y } = scales({ xRange, yRange });
  const binWidth = (area.right - area.left) / bins;
  const barWidth = (binWidth - 1) / groups.length;
  const bars = counts.map((count, g) => {
    const rects = count.map((value, bin) =>
      value === 0
        ? ''
        : `<rect x="${fixed(area.left + bin * binWidth + g * barWidth)}" y="${y(value)}" width="${fixed(barWidth)}" height="${fixed(area.bottom - y(value))}"/>`,
    );
    return `<g fill="${seriesColors[g]}"><title>${escapeText(groups[g].name)}</title>${rects.join('')}</g>`;
  });
  const at = extra.length > 0 && threshold !== undefined ? x(threshold) : undefined;
  const line =
    at === undefined
      ? ''
      : `<line class="threshold" x1="${at}" x2="${at}" y1="${area.top}" y2="${area.bottom}" stroke="currentColor" stroke-width="2" stroke-dasharray="5 3" data-low="${xRange[0]}" data-high="${xRange[1]}" data-left="${area.left}" data-right="${area.right}"><title>threshold ${formatNumber(threshold!)}</title></line>`;
  return drawing(
    { title, xLabel, yLabel: 'images', xRange, yRange, counts: true },
    bars.join('') + line,
    groups.map(({ name }, i) => ({ name, color: seriesColors[i] })),
  );
}

function fixed(value: number): number {
  return Math.round(value * 100) / 100;
}
