import { escapeText } from './escape.js';
import { formatNumber } from './format.js';

/** Blue, orange, green, purple of Okabe and Ito's palette, told apart with any colour vision. */
export const seriesColors = ['#0072B2', '#D55E00', '#009E73', '#CC79A7'];

/** The plot area within a drawing of 400 x 300 units. */
export const area = { width: 400, height: 300, left: 52, right: 388, top: 34, bottom: 252 };

export interface Axes {
  title: string;
  xLabel: string;
  yLabel: string;
  xRange: readonly [number, number];
  yRange: readonly [number, number];
  /** Only whole numbers on the vertical axis. */
  counts?: boolean;
}

/** Maps values to drawing units. */
export function scales({ xRange, yRange }: Pick<Axes, 'xRange' | 'yRange'>) {
  const along = (value: number, [low, high]: readonly [number, number]) =>
    high > low ? (value - low) / (high - low) : 0.5;
  return {
    x: (value: number) => round(area.left + along(value, xRange) * (area.right - area.left)),
    y: (value: number) => round(area.bottom - along(value, yRange) * (area.bottom - area.top)),
  };
}

/** A whole SVG around the marks: title, axes with round ticks, labels, legend. */
export function drawing(axes: Axes, marks: string, legend: { name: string; color: string }[]): string {
  const { x, y } = scales(axes);
  const yTicks = ticks(axes.yRange).filter((t) => !axes.counts || Number.isInteger(t));
  const grid: string[] = [];
  for (const tick of ticks(axes.xRange)) {
    grid.push(`<line x1="${x(tick)}" x2="${x(tick)}" y1="${area.top}" y2="${area.bottom}"/>`);
  }
  for (const tick of yTicks) {
    grid.push(`<line x1="${area.left}" x2="${area.right}" y1="${y(tick)}" y2="${y(tick)}"/>`);
  }
  const text = [
    ...ticks(axes.xRange).map(
      (t) => `<text x="${x(t)}" y="${area.bottom + 16}" text-anchor="middle">${formatNumber(t)}</text>`,
    ),
    ...yTicks.map(
      (t) => `<text x="${area.left - 6}" y="${y(t) + 4}" text-anchor="end">${formatTick(t)}</text>`,
    ),
    `<text x="${(area.left + area.right) / 2}" y="${area.bottom + 36}" text-anchor="middle">${escapeText(axes.xLabel)}</text>`,
    `<text transform="translate(12 ${(area.top + area.bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeText(axes.yLabel)}</text>`,
    `<text x="${area.left}" y="18" font-size="14" font-weight="600">${escapeText(axes.title)}</text>`,
  ];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${area.width} ${area.height}" role="img" ` +
    `aria-label="${escapeText(axes.title)}" font-family="system-ui, sans-serif" font-size="12" fill="currentColor">` +
    `<title>${escapeText(axes.title)}</title>` +
    `<g stroke="currentColor" stroke-opacity="0.15">${grid.join('')}</g>` +
    `${marks}<g>${text.join('')}</g>${legendOf(legend)}</svg>`
  );
}

function legendOf(entries: { name: string; color: string }[]): string {
  if (entries.length < 2) return '';
  let right = area.right;
  const items = entries.toReversed().map(({ name, color }) => {
    const left = right - 18 - 6.6 * name.length;
    right = left - 10;
    return `<rect x="${round(left)}" y="9" width="10" height="10" rx="2" fill="${color}"/><text x="${round(left + 14)}" y="18">${escapeText(name)}</text>`;
  });
  return `<g class="legend">${items.join('')}</g>`;
}

/** Short enough for the margin: 12000 is 12k. */
function formatTick(tick: number): string {
  return Math.abs(tick) >= 1e4 && Math.abs(tick) < 1e6 ? `${formatNumber(tick / 1000)}k` : formatNumber(tick);
}

/** Four to eight round values within the range. */
export function ticks([low, high]: readonly [number, number]): number[] {
  if (!(high > low)) return [low];
  const rough = (high - low) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((m) => m * power).find((s) => s >= rough * 0.999)!;
  const first = Math.ceil(low / step - 1e-9);
  const count = Math.floor(high / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
