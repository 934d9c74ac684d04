import type { Polygon } from '@ddad/detector';

type Point = [x: number, y: number];

/** How far an outline may leave the edges of the pixels: what makes the stairs of a slanted edge a straight line. */
const tolerance = 0.75;

/**
 * The outlines of what is not 0 in a picture, in fractions of it, to less than a pixel. Where there are holes all outlines are
 * one polygon, holes turn the other way: by the non-zero rule they are outside.
 *
 * @param mask `width * height` values row by row
 */
export function outlines(mask: Uint8Array, { width, height }: { width: number; height: number }): Polygon[] {
  const loops = traced(mask, width, height).map(simplified);
  const hasHoles = loops.some((loop) => area(loop) < 0);
  const drawn = hasHoles ? [joined(loops)] : loops;
  return drawn.map((loop) => loop.map(([x, y]) => [x / width, y / height]));
}

/** The edges between pixels that are in and pixels that are out, what is in on the right hand; corners alone. */
function traced(mask: Uint8Array, width: number, height: number): Point[][] {
  const isIn = (x: number, y: number) =>
    x >= 0 && y >= 0 && x < width && y < height && mask[y * width + x] !== 0;
  const step = width + 1;
  /** From the number of a corner of pixels to those that edges lead to from it. */
  const next = new Map<number, number[]>();
  const add = (from: number, to: number) => {
    const there = next.get(from);
    if (there) there.push(to);
    else next.set(from, [to]);
  };
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x] === 0) continue;
      const corner = y * step + x;
      if (!isIn(x, y - 1)) add(corner, corner + 1);
      if (!isIn(x + 1, y)) add(corner + 1, corner + 1 + step);
      if (!isIn(x, y + 1)) add(corner + 1 + step, corner + step);
      if (!isIn(x - 1, y)) add(corner + step, corner);
    }
  }
  const loops: Point[][] = [];
  for (const [start, leading] of next) {
    while (leading.length > 0) {
      const way: number[] = [];
      for (let at = start; way.length === 0 || at !== start; at = next.get(at)!.pop()!) way.push(at);
      const isCorner = (at: number, i: number) => at - way.at(i - 1)! !== way[(i + 1) % way.length] - at;
      loops.push(way.filter(isCorner).map((at) => [at % step, Math.floor(at / step)]));
    }
  }
  return loops;
}

/** Douglas and Peucker 1973: corners that are less than the tolerance off the line between others are left out. */
function simplified(loop: Point[]): Point[] {
  if (loop.length <= 4) return loop;
  const closed = [...loop, loop[0]];
  const kept = new Uint8Array(closed.length);
  // the corner farthest from the first
  const far = farthest(closed, 0, closed.length - 1);
  for (const end of [0, far.at, closed.length - 1]) kept[end] = 1;
  const parts: [number, number][] = [
    [0, far.at],
    [far.at, closed.length - 1],
  ];
  for (let part = parts.pop(); part; part = parts.pop()) {
    const [from, to] = part;
    const { at, distance } = farthest(closed, from, to);
    if (distance <= tolerance) continue;
    kept[at] = 1;
    parts.push([from, at], [at, to]);
  }
  const some = loop.filter((_, i) => kept[i] === 1);
  return some.length < 3 ? loop : some;
}

/** Of the corners between two the one that is farthest from the line through them. */
function farthest(points: readonly Point[], from: number, to: number): { at: number; distance: number } {
  const [[ax, ay], [bx, by]] = [points[from], points[to]];
  const length = Math.hypot(bx - ax, by - ay);
  let best = { at: from, distance: 0 };
  for (let at = from + 1; at < to; at++) {
    const [x, y] = points[at];
    const distance =
      length === 0
        ? Math.hypot(x - ax, y - ay)
        : Math.abs((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / length;
    if (distance > best.distance) best = { at, distance };
  }
  return best;
}

/** Twice the area, positive where what is in lies on the right hand. */
function area(loop: readonly Point[]): number {
  let sum = 0;
  let [ax, ay] = loop[loop.length - 1];
  for (const [bx, by] of loop) {
    sum += ax * by - bx * ay;
    [ax, ay] = [bx, by];
  }
  return sum;
}

/** One line through all loops: from the first to each other and back the same way, which nothing winds around. */
function joined([first, ...others]: readonly Point[][]): Point[] {
  return [...first, first[0], ...others.flatMap((loop) => [...loop, loop[0], first[0]])];
}
