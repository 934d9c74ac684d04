import { rangeOf } from './quantize.js';

/** One line of a chart; `x` and `y` have the same length. */
export interface Series {
  name: string;
  x: ArrayLike<number>;
  y: ArrayLike<number>;
}

/** At most about a thousand points: those that move by half a unit of the drawing, and the ends. */
export function thinSeries({ x, y }: Series): [number, number][] {
  const [left, right] = rangeOf([x]);
  const [low, high] = rangeOf([y]);
  const far = (a: number, b: number, size: number) => size > 0 && Math.abs(a - b) > size / 500;
  const kept: [number, number][] = [[x[0], y[0]]];
  for (let i = 1; i < x.length; i++) {
    const [lastX, lastY] = kept[kept.length - 1];
    if (i === x.length - 1 || far(x[i], lastX, right - left) || far(y[i], lastY, high - low))
      kept.push([x[i], y[i]]);
  }
  return kept;
}
