/** One colour component, row-major. */
export interface Plane {
  data: Uint8Array;
  width: number;
  height: number;
}

/**
 * A plane enlarged `h` times across and `v` times down as libjpeg does it: by 2 with a triangle filter (if it is wider
 * than 2 across), by anything else by repetition.
 */
export function upsample(plane: Plane, h: number, v: number): Plane {
  if (h === 1 && v === 1) return plane;
  const smooth = plane.width > 2;
  if (h === 2 && v === 1 && smooth) return doubleAcross(plane);
  if (h === 2 && v === 2 && smooth) return doubleBoth(plane);
  if (h === 1 && v === 2) return doubleDown(plane);
  return repeat(plane, h, v);
}

function repeat({ data, width, height }: Plane, h: number, v: number): Plane {
  const out = new Uint8Array(width * h * height * v);
  for (let y = 0, to = 0; y < height * v; y++) {
    const row = Math.floor(y / v) * width;
    for (let x = 0; x < width * h; x++) out[to++] = data[row + Math.floor(x / h)]!;
  }
  return { data: out, width: width * h, height: height * v };
}

function doubleAcross({ data, width, height }: Plane): Plane {
  const out = new Uint8Array(2 * width * height);
  for (let y = 0, to = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const value = data[row + x]!;
      out[to++] = x === 0 ? value : (3 * value + data[row + x - 1]! + 1) >> 2;
      out[to++] = x === width - 1 ? value : (3 * value + data[row + x + 1]! + 2) >> 2;
    }
  }
  return { data: out, width: 2 * width, height };
}

function doubleDown({ data, width, height }: Plane): Plane {
  const out = new Uint8Array(2 * width * height);
  for (let y = 0, to = 0; y < 2 * height; y++) {
    const { near, far } = rows(y, width, height);
    const bias = y % 2 ? 2 : 1;
    for (let x = 0; x < width; x++) out[to++] = (3 * data[near + x]! + data[far + x]! + bias) >> 2;
  }
  return { data: out, width, height: 2 * height };
}

function doubleBoth({ data, width, height }: Plane): Plane {
  const out = new Uint8Array(4 * width * height);
  for (let y = 0, to = 0; y < 2 * height; y++) {
    const { near, far } = rows(y, width, height);
    const sum = (x: number) => 3 * data[near + x]! + data[far + x]!;
    for (let x = 0; x < width; x++) {
      const here = sum(x);
      out[to++] = x === 0 ? (4 * here + 8) >> 4 : (3 * here + sum(x - 1) + 8) >> 4;
      out[to++] = x === width - 1 ? (4 * here + 7) >> 4 : (3 * here + sum(x + 1) + 7) >> 4;
    }
  }
  return { data: out, width: 2 * width, height: 2 * height };
}

/** Where the row that output row `y` lies in begins, and the next one to it; the outermost rows are their own. */
function rows(y: number, width: number, height: number): { near: number; far: number } {
  const row = y >> 1;
  const next = y % 2 ? Math.min(row + 1, height - 1) : Math.max(row - 1, 0);
  return { near: row * width, far: next * width };
}
