import { checkOptions } from '@ddad/options';
import { escapeText } from './escape.js';
import { rangeOf } from './quantize.js';
import { area, drawing, scales, seriesColors } from './svg-axes.js';
import { type Series, thinSeries } from './thin-series.js';

/** Options of {@link curveSvg}. */
export interface CurveOptions {
  title: string;
  xLabel: string;
  yLabel: string;
  /** Ends of the horizontal axis. @default the data's range */
  xRange?: readonly [number, number];
  /** Ends of the vertical axis. @default the data's range */
  yRange?: readonly [number, number];
  /** Shades the chart up to this x, e.g. the integration limit of AUPRO. */
  limit?: number;
  /** Draws the dashed line of chance, from corner to corner. @default false */
  diagonal?: boolean;
}

/**
 * Lines as an SVG drawing: ROC, precision-recall and PRO curves, losses. Up to four series, in colours of Okabe and
 * Ito's palette; text takes the page's colour. Long series are thinned to what the drawing can show.
 * @throws without a series or a point, with more than four series, or if x and y differ in length
 */
export function curveSvg(series: readonly Series[], options: CurveOptions): string {
  checkOptions('curveSvg', options, {
    title: true,
    xLabel: true,
    yLabel: true,
    xRange: true,
    yRange: true,
    limit: true,
    diagonal: true,
  });
  if (series.length === 0 || series.length > seriesColors.length) {
    throw new Error(`curveSvg: needs 1 to ${seriesColors.length} series, got ${series.length}`);
  }
  for (const { name, x, y } of series) {
    if (x.length !== y.length || x.length === 0) {
      throw new Error(
        `curveSvg: series '${name}' needs as many x as y, at least one, got ${x.length} and ${y.length}`,
      );
    }
  }
  const { xRange = rangeOf(series.map((s) => s.x)), yRange = rangeOf(series.map((s) => s.y)) } = options;
  const { x, y } = scales({ xRange, yRange });
  const marks: string[] = [];
  if (options.limit !== undefined) {
    marks.push(
      `<rect x="${area.left}" y="${area.top}" width="${x(options.limit) - area.left}" height="${area.bottom - area.top}" fill="currentColor" fill-opacity="0.07"/>`,
    );
  }
  if (options.diagonal) {
    marks.push(
      `<line x1="${x(xRange[0])}" y1="${y(yRange[0])}" x2="${x(xRange[1])}" y2="${y(yRange[1])}" stroke="currentColor" stroke-opacity="0.5" stroke-dasharray="4 4"/>`,
    );
  }
  series.forEach((s, i) => {
    const points = thinSeries(s).map(([px, py]) => [x(px), y(py)]);
    const name = `<title>${escapeText(s.name)}</title>`;
    marks.push(
      points.length === 1
        ? `<circle cx="${points[0][0]}" cy="${points[0][1]}" r="4" fill="${seriesColors[i]}">${name}</circle>`
        : `<polyline points="${points.join(' ')}" fill="none" stroke="${seriesColors[i]}" stroke-width="2" stroke-linejoin="round">${name}</polyline>`,
    );
  });
  return drawing(
    { ...options, xRange, yRange },
    marks.join(''),
    series.map(({ name }, i) => ({ name, color: seriesColors[i] })),
  );
}
