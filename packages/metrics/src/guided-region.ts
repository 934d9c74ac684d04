import { guidedFilter } from './guided-filter.js';

/** What {@link guidedRegion} needs beside a region. */
export interface GuidedRegionOptions {
  /** Height and width of region, map and image. */
  shape: readonly [number, number];
  /** The map that the region is of, row by row. */
  map: ArrayLike<number>;
  /** No pixel of a lower value belongs to the result. */
  threshold: number;
  /** The image itself, 0 to 255, row by row, interleaved: `height * width` times as many values as it has channels. */
  image: ArrayLike<number>;
  /**
   * Of what was seen at once, where the map was put together from tiles, pixels.
   *
   * @default the map's longer side
   */
  side?: number;
  /**
   * Of the largest value of the filter near them, what pixels have at least.
   *
   * @default 0.4
   */
  share?: number;
}

/** The first and the last column and row of a rectangle. */
interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * A region with its outline moved to the edges of the image. The features' coarsest cells are wider than many a defect, the
 * image is not: {@link guidedFilter} tells in each window, a sixteenth of the side to each side, how the region follows
 * from the image's colours (its use for feathering, section 3.6.4 of the paper). A pixel at or above the threshold belongs to the
 * result where the filter has at least `share` of its largest value as near as that, specks left out. A connected part of the
 * region of which nothing would be left stays as it is. How share and window were chosen: docs/decisions/0024.
 *
 * Time goes with the part of the map that is at or above the threshold, memory beside a few maps with the side: it is filtered a
 * rectangle at a time, and not at all where there is none.
 * Uses nothing from outside but its arguments: a report embeds its source.
 *
 * @param region `height * width` values row by row, 1 in the region, 0 elsewhere, of `regionPixels`
 * @param filter {@link guidedFilter}, for those who embed it
 * @returns 1 for each pixel of the result, 0 elsewhere
 * @throws Error where the image has another size than the map
 */
export function guidedRegion(
  region: Uint8Array,
  {
    shape: [height, width],
    map,
    threshold,
    image,
    side = Math.max(height, width),
    share = 0.4,
  }: GuidedRegionOptions,
  filter = guidedFilter,
): Uint8Array {
  const area = height * width;
  const channels = image.length / area;
  if (!Number.isInteger(channels) || channels === 0) {
    throw new Error(
      `guidedRegion: shape [${height},${width}] needs ${area} image values for each channel, got ${image.length}`,
    );
  }
  const out = new Uint8Array(area);
  const radius = Math.max(1, Math.round(side / 16));
  const boxes = boxesIn(0, 0, width - 1, height - 1);
  if (boxes.length === 0) return out;
  const filtered = new Float32Array(area).fill(Number.NEGATIVE_INFINITY);
  for (const box of boxes) filterIn(box);
  takeLargest();
  dropSpecks();
  keepParts();
  return out;

  /**
   * The smallest rectangle around the pixels at or above the threshold within another one, where it is too large its halves'
   * instead; nothing where there are none.
   */
  function boxesIn(left: number, top: number, right: number, bottom: number): Box[] {
    const box = { left: width, top: height, right: -1, bottom: -1 };
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        if (!(map[y * width + x] >= threshold)) continue;
        if (x < box.left) box.left = x;
        if (x > box.right) box.right = x;
        if (y < box.top) box.top = y;
        box.bottom = y;
      }
    }
    if (box.right < 0) return [];
    ({ left, top, right, bottom } = box);
    const [across, down] = [right - left, bottom - top];
    if (Math.max(across, down) < 8 * radius) return [box];
    if (across >= down) {
      const middle = left + (across >> 1);
      return [...boxesIn(left, top, middle, bottom), ...boxesIn(middle + 1, top, right, bottom)];
    }
    const middle = top + (down >> 1);
    return [...boxesIn(left, top, right, middle), ...boxesIn(left, middle + 1, right, bottom)];
  }

  /** The filter's values at the pixels of a rectangle that are at or above the threshold. */
  function filterIn(box: Box): void {
    // windows of windows reach this far
    const x0 = Math.max(0, box.left - 2 * radius);
    const y0 = Math.max(0, box.top - 2 * radius);
    const across = Math.min(width, box.right + 2 * radius + 1) - x0;
    const down = Math.min(height, box.bottom + 2 * radius + 1) - y0;
    const values = new Float32Array(across * down);
    for (let i = 0; i < values.length; i++) {
      const x = i % across;
      values[i] = region[(y0 + (i - x) / across) * width + x0 + x];
    }
    const guide = Array.from({ length: channels }, (_, channel) => smooth(channel, x0, y0, across, down));
    const local = filter(values, guide, {
      shape: [down, across],
      radius,
      // a hundredth of the range; as gray gives what three equal channels give
      regularization: (1e-4 * channels) / 3,
    });
    for (let y = box.top; y <= box.bottom; y++) {
      for (let x = box.left; x <= box.right; x++) {
        const at = y * width + x;
        if (map[at] >= threshold) filtered[at] = local[(y - y0) * across + x - x0];
      }
    }
  }

  /** A channel of a rectangle, 0 to 1, without the noise of single pixels: 1 4 6 4 1 in both directions. */
  function smooth(channel: number, x0: number, y0: number, across: number, down: number): Float32Array {
    const clamped = (at: number, length: number) => Math.min(Math.max(at, 0), length - 1);
    const rows = new Float32Array(across * (down + 4));
    for (let y = 0; y < down + 4; y++) {
      const row = clamped(y0 + y - 2, height) * width;
      const value = (x: number) => image[(row + clamped(x, width)) * channels + channel];
      for (let x = 0; x < across; x++) {
        const at = x0 + x;
        rows[y * across + x] =
          value(at - 2) + value(at + 2) + 4 * (value(at - 1) + value(at + 1)) + 6 * value(at);
      }
    }
    const plane = new Float32Array(across * down);
    for (let i = 0; i < plane.length; i++) {
      const sum =
        rows[i] +
        rows[i + 4 * across] +
        4 * (rows[i + across] + rows[i + 3 * across]) +
        6 * rows[i + 2 * across];
      plane[i] = sum / (256 * 255);
    }
    return plane;
  }

  /** Those that are not far below the largest one near them. */
  function takeLargest(): void {
    const acrossLargest = new Float32Array(area).fill(Number.NEGATIVE_INFINITY);
    for (const { left, top, right, bottom } of boxes) {
      for (let y = top; y <= bottom; y++) {
        for (let x = Math.max(0, left - radius); x <= Math.min(width - 1, right + radius); x++) {
          let largest = Number.NEGATIVE_INFINITY;
          const last = y * width + Math.min(width - 1, x + radius);
          for (let from = y * width + Math.max(0, x - radius); from <= last; from++) {
            if (filtered[from] > largest) largest = filtered[from];
          }
          acrossLargest[y * width + x] = largest;
        }
      }
    }
    for (const { left, top, right, bottom } of boxes) {
      for (let y = top; y <= bottom; y++) {
        for (let x = left; x <= right; x++) {
          const at = y * width + x;
          if (!(map[at] >= threshold)) continue;
          let largest = 0;
          const last = Math.min(height - 1, y + radius);
          for (let row = Math.max(0, y - radius); row <= last; row++) {
            if (acrossLargest[row * width + x] > largest) largest = acrossLargest[row * width + x];
          }
          if (filtered[at] > 0 && filtered[at] >= share * largest) out[at] = 1;
        }
      }
    }
  }

  /** Leaves out connected parts (8 neighbours) that are smaller than an eighth of the radius, squared. */
  function dropSpecks(): void {
    const fewest = (radius / 8) ** 2;
    const seen = new Uint8Array(area);
    for (let start = 0; start < area; start++) {
      if (!out[start] || seen[start]) continue;
      const part = partOf(out, start, seen);
      if (part.length < fewest) for (const at of part) out[at] = 0;
    }
  }

  /** The connected part of a mask (8 neighbours) that a pixel lies in; marks its pixels as seen. */
  function partOf(mask: Uint8Array, start: number, seen: Uint8Array): number[] {
    const part = [start];
    seen[start] = 1;
    for (let next = 0; next < part.length; next++) {
      const x = part[next] % width;
      const y = (part[next] - x) / width;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const neighbour = ny * width + nx;
          if (!mask[neighbour] || seen[neighbour]) continue;
          seen[neighbour] = 1;
          part.push(neighbour);
        }
      }
    }
    return part;
  }

  /** Puts back each connected part (8 neighbours) of the region of which nothing is left. */
  function keepParts(): void {
    const seen = new Uint8Array(area);
    for (let start = 0; start < area; start++) {
      if (!region[start] || seen[start]) continue;
      const part = partOf(region, start, seen);
      if (!part.some((at) => out[at])) for (const at of part) out[at] = 1;
    }
  }
}
