import { binned, onAxis, type ScoreAxis } from '../draw/score-axis.js';
import { format } from '../view/format.js';
import { s } from '../view/h.js';

const bins = 48;
/** In units of the drawing. */
const [width, height, baseline] = [480, 130, 104];

export interface HistogramData {
  axis: ScoreAxis;
  /** Scores of the pictures on the page. */
  shown: readonly number[];
  /** Of the good images that the detector was calibrated with. */
  known: readonly number[];
  /** Of pictures that a person has judged. */
  said: { good: readonly number[]; bad: readonly number[] };
}

/** Scores of the pictures, coloured by verdict, over those of known good images. */
export function histogram() {
  const good = s('rect', { x: 0, y: 0, width: 0, height });
  const bad = s('rect', { x: 0, y: 0, width, height });
  const bars = ['good', 'anomalous'].map((name) =>
    s('path', { class: name, 'clip-path': `url(#${name}-side)` }),
  );
  const known = s('path', { class: 'known' });
  const ticks = s('g', { class: 'ticks' });
  const people = s('g', { class: 'people' });
  const element = s(
    'svg',
    {
      class: 'histogram',
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    },
    s('defs', {}, s('clipPath', { id: 'good-side' }, good), s('clipPath', { id: 'anomalous-side' }, bad)),
    ...bars,
    known,
    s('line', { class: 'base', x1: 0, x2: width, y1: baseline, y2: baseline }),
    ticks,
    people,
  );
  return {
    element,
    draw({ axis, shown, known: calibrated, said }: HistogramData): void {
      const counts = binned(axis, shown, bins);
      const knownCounts = binned(axis, calibrated, bins);
      for (const path of bars) path.setAttribute('d', columns(counts));
      known.setAttribute('d', outline(knownCounts));
      const at = (score: number) => onAxis(axis, score) * width;
      people.replaceChildren(
        ...(['good', 'bad'] as const).flatMap((name) =>
          said[name].map((score) => s('path', { class: name, d: `M${at(score)} ${baseline + 4}v14` })),
        ),
      );
      const { low, high } = axis;
      element.dataset.low = format(low);
      element.dataset.high = format(high);
    },
    /** The share of the axis that lies below the threshold. */
    split(share: number): void {
      good.setAttribute('width', String(share * width));
      bad.setAttribute('x', String(share * width));
    },
  };
}

function heights(counts: readonly number[]): number[] {
  const most = Math.max(1, ...counts);
  // a single picture among hundreds is still seen
  return counts.map((count) => (count === 0 ? 0 : Math.max(3, (count / most) * (baseline - 6))));
}

function columns(counts: readonly number[]): string {
  const each = width / counts.length;
  return heights(counts)
    .map((tall, i) =>
      tall ? `M${i * each + 0.5} ${baseline}V${baseline - tall}h${each - 1}V${baseline}Z` : '',
    )
    .join('');
}

function outline(counts: readonly number[]): string {
  const each = width / counts.length;
  const path = heights(counts).map(
    (tall, i) => `${i === 0 ? 'M' : 'L'}${i * each} ${baseline - tall}h${each}`,
  );
  return path.join('');
}
