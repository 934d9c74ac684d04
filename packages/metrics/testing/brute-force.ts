import { unit } from '@ddad/testing';

type Shape = readonly [number, number, number];

/** The pixels of each 8-connected region of `masks`, and those outside: flood fill, image by image. */
export function floodRegions(masks: ArrayLike<number>, [n, h, w]: Shape, inside = (m: number) => m !== 0) {
  const seen = new Uint8Array(n * h * w);
  const regions: number[][] = [];
  const normals: number[] = [];
  for (let start = 0; start < seen.length; start++) {
    if (!inside(masks[start])) normals.push(start);
    else if (!seen[start]) {
      const region = [start];
      seen[start] = 1;
      for (const i of region)
        for (let dy = -1; dy <= 1; dy++)
          for (let dx = -1; dx <= 1; dx++) {
            const y = (Math.floor(i / w) % h) + dy;
            const x = (i % w) + dx;
            const j = i + dy * w + dx;
            if (y < 0 || x < 0 || y >= h || x >= w || seen[j] || !inside(masks[j])) continue;
            seen[j] = 1;
            region.push(j);
          }
      regions.push(region);
    }
  }
  return { regions, normals };
}

/** Points of the PRO curve by its definition, one pass over all pixels for each distinct score. */
export function proPoints(masks: ArrayLike<number>, maps: ArrayLike<number>, shape: Shape) {
  const { regions, normals } = floodRegions(masks, shape);
  const thresholds = [...new Set(Array.from(maps))].sort((a, b) => b - a);
  const share = (pixels: number[], t: number) => pixels.filter((i) => maps[i] >= t).length / pixels.length;
  return [Number.POSITIVE_INFINITY, ...thresholds].map((t) => ({
    threshold: t,
    fpr: share(normals, t),
    pro: regions.reduce((sum, region) => sum + share(region, t), 0) / regions.length,
  }));
}

/** Trapezoid rule from 0 to `limit`, with linear interpolation there, divided by `limit`. */
export function areaUpTo(points: { fpr: number; pro: number }[], limit: number): number {
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1];
    const b = points[i];
    if (a.fpr >= limit || b.fpr === a.fpr) continue;
    const end = Math.min(b.fpr, limit);
    const proAtEnd = a.pro + ((b.pro - a.pro) * (end - a.fpr)) / (b.fpr - a.fpr);
    area += ((end - a.fpr) * (a.pro + proAtEnd)) / 2;
  }
  return area / limit;
}

/** Blobs and maps from the hash of `name`; `levels` distinct scores at most, so ties abound when it is small. */
export function randomSet(name: string, shape: Shape, { levels = 1e9, blobs = 4 } = {}) {
  const [n, h, w] = shape;
  const masks = new Uint8Array(n * h * w);
  const u = unit(`${name}.blobs`, n * blobs * 4);
  for (let b = 0; b < n * blobs; b++) {
    const image = Math.floor(b / blobs);
    if (image % 3 === 2) continue;
    const [y0, x0, dy, dx] = [u[4 * b] * h, u[4 * b + 1] * w, 1 + u[4 * b + 2] * 4, 1 + u[4 * b + 3] * 4].map(
      Math.floor,
    );
    for (let y = y0; y < Math.min(h, y0 + dy); y++)
      for (let x = x0; x < Math.min(w, x0 + dx); x++) masks[(image * h + y) * w + x] = 1;
  }
  const noise = unit(`${name}.noise`, n * h * w);
  const maps = Float32Array.from(noise, (x, i) => Math.round((x + 0.4 * masks[i]) * levels) / levels);
  return { masks, maps };
}
