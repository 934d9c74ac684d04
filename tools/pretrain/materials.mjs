// Materials: square pictures of one texture each, without end when mirrored at their sides. Everything about a material
// follows from (seed, its number).
import { random } from './random.mjs';

export const materialSide = 256;
const side = materialSide;

/** A value in [0, 1] for each texel; `u`, `v` in [0, 1). */
const families = {
  fractal,
  orientedNoise,
  stripes,
  lattice,
  cells,
  marble,
  strokes,
  discs,
  rectangles,
  speckle,
};
export const familyNames = Object.keys(families);

/** @returns {Uint8Array} RGB, [256, 256, 3] */
export function makeMaterial(seed, number) {
  const rng = random(seed, 1, number);
  const field = families[familyNames[number % familyNames.length]](rng);
  normalise(field);
  const grain = rng.chance(0.5) ? rng.scale(0.005, 0.12) : 0;
  const relief = rng.chance(0.4) ? rng.between(0.5, 3) : 0;
  const direction = rng.between(0, 2 * Math.PI);
  const [lx, ly] = [relief * Math.cos(direction), relief * Math.sin(direction)];
  const palette = makePalette(rng);
  const steps = palette.length - 1;
  const out = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const at = y * side + x;
      const value = field[at];
      const scaled = Math.min(value, 0.9999) * steps;
      const k = Math.floor(scaled);
      const t = scaled - k;
      const dx = field[y * side + ((x + 1) & 255)] - value;
      const dy = field[((y + 1) & 255) * side + x] - value;
      const light = 1 + Math.max(-0.6, Math.min(0.6, lx * dx + ly * dy)) + (grain ? grain * rng.normal() : 0);
      for (let c = 0; c < 3; c++) {
        out[3 * at + c] = Math.max(
          0,
          Math.min(255, 255 * light * (palette[k][c] * (1 - t) + palette[k + 1][c] * t)),
        );
      }
    }
  }
  return out;
}

function makePalette(rng) {
  const grey = rng.chance(0.35);
  const first = color(rng, grey);
  const contrast = rng.scale(0.12, 1);
  return Array.from({ length: rng.count(2, 4) }, (_, i) => {
    const other = color(rng, grey);
    return i === 0 ? first : first.map((value, c) => value + contrast * (other[c] - value));
  });
}

/** RGB in [0, 1]: any hue, low saturations more often than high ones. */
export function color(rng, grey = false) {
  const value = rng.between(0.05, 1);
  const saturation = grey ? 0.06 * rng.next() : rng.next() ** 1.3;
  const hue = rng.between(0, 6);
  return [5, 3, 1].map((n) => {
    const k = (n + hue) % 6;
    return value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
  });
}

function normalise(field) {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of field) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  for (let i = 0; i < field.length; i++) field[i] = (field[i] - low) / (high - low || 1);
}

function each(value) {
  const field = new Float32Array(side * side);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) field[y * side + x] = value(x / side, y / side, x, y);
  }
  return field;
}

/** Points of a random iterated function system (the chaos game), their density on a logarithmic scale. */
function fractal(rng) {
  const maps = Array.from({ length: rng.count(2, 7) }, () => {
    // singular values below 1: the system contracts
    const [p, q] = [rng.between(0, 2 * Math.PI), rng.between(0, 2 * Math.PI)];
    const [s, t] = [rng.between(0.3, 0.9), rng.between(0.2, 0.85) * (rng.chance(0.5) ? 1 : -1)];
    const [cp, sp, cq, sq] = [Math.cos(p), Math.sin(p), Math.cos(q), Math.sin(q)];
    return {
      a: s * cp * cq - t * sp * sq,
      b: -s * cp * sq - t * sp * cq,
      c: s * sp * cq + t * cp * sq,
      d: -s * sp * sq + t * cp * cq,
      e: rng.between(-1, 1),
      f: rng.between(-1, 1),
      weight: Math.max(0.05, Math.abs(s * t)),
    };
  });
  const total = maps.reduce((sum, { weight }) => sum + weight, 0);
  const points = 60_000;
  const xs = new Float32Array(points);
  const ys = new Float32Array(points);
  let [x, y] = [0, 0];
  let [mx, my, sxx, syy] = [0, 0, 0, 0];
  for (let i = -20; i < points; i++) {
    let at = rng.next() * total;
    let k = 0;
    while (k < maps.length - 1 && at > maps[k].weight) at -= maps[k++].weight;
    const { a, b, c, d, e, f } = maps[k];
    [x, y] = [a * x + b * y + e, c * x + d * y + f];
    if (i < 0) continue;
    xs[i] = x;
    ys[i] = y;
    mx += x / points;
    my += y / points;
    sxx += (x * x) / points;
    syy += (y * y) / points;
  }
  const field = new Float32Array(side * side);
  const spread = rng.between(0.25, 0.5) * side;
  const [kx, ky] = [spread / Math.sqrt(sxx - mx * mx + 1e-9), spread / Math.sqrt(syy - my * my + 1e-9)];
  for (let i = 0; i < points; i++) {
    const u = Math.floor((xs[i] - mx) * kx + side / 2) & 255;
    const v = Math.floor((ys[i] - my) * ky + side / 2) & 255;
    field[v * side + u] += 1;
  }
  const smooth = blur(field, rng.count(0, 2));
  return smooth.map((value) => Math.log1p(value));
}

/** A few passes of a 3x3 box. */
function blur(field, passes) {
  let from = field;
  for (let pass = 0; pass < passes; pass++) {
    const source = from;
    from = new Float32Array(field.length);
    for (let y = 0; y < side; y++) {
      for (let x = 0; x < side; x++) {
        let sum = 0;
        for (let dy = -1; dy <= 1; dy++) {
          for (let dx = -1; dx <= 1; dx++) sum += source[((y + dy) & 255) * side + ((x + dx) & 255)];
        }
        from[y * side + x] = sum / 9;
      }
    }
  }
  return from;
}

/** Smooth noise of the given number of cells across the side, periodic. */
function valueNoise(rng, cellsX, cellsY = cellsX) {
  const [nx, ny] = [Math.max(1, Math.round(cellsX)), Math.max(1, Math.round(cellsY))];
  const values = Float32Array.from({ length: nx * ny }, () => rng.next());
  return (u, v) => {
    const s = (u - Math.floor(u)) * nx;
    const t = (v - Math.floor(v)) * ny;
    const [i, j] = [Math.floor(s) % nx, Math.floor(t) % ny];
    const [i1, j1] = [(i + 1) % nx, (j + 1) % ny];
    const a = s - Math.floor(s);
    const b = t - Math.floor(t);
    const [p, q] = [a * a * (3 - 2 * a), b * b * (3 - 2 * b)];
    const top = values[j * nx + i] * (1 - p) + values[j * nx + i1] * p;
    const bottom = values[j1 * nx + i] * (1 - p) + values[j1 * nx + i1] * p;
    return top * (1 - q) + bottom * q;
  };
}

function octaves(rng, base, stretch) {
  const fall = rng.between(0.4, 0.95);
  const parts = Array.from({ length: rng.count(2, 4) }, (_, i) => ({
    noise: valueNoise(rng, Math.min(128, base * 2 ** i), Math.min(128, base * stretch * 2 ** i)),
    weight: fall ** i,
  }));
  return (u, v) => parts.reduce((sum, { noise, weight }) => sum + weight * noise(u, v), 0);
}

function turned(rng, value) {
  const angle = rng.between(0, Math.PI);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return (u, v) => value(c * u - s * v, s * u + c * v);
}

function orientedNoise(rng) {
  return each(turned(rng, octaves(rng, rng.scale(2, 40), rng.scale(1, 12))));
}

function profile(rng) {
  const duty = rng.between(0.15, 0.85);
  const soft = rng.scale(0.02, 0.4);
  return rng.pick([
    (t) => 0.5 + 0.5 * Math.sin(2 * Math.PI * t),
    (t) => Math.max(0, Math.min(1, (duty - Math.abs(2 * t - 1)) / soft + 0.5)),
    (t) => t,
    (t) => Math.abs(2 * t - 1) ** 0.5,
  ]);
}

function stripes(rng) {
  const count = rng.scale(4, 50);
  const shape = profile(rng);
  const wobble = rng.chance(0.5) ? rng.scale(0.05, 1.2) : 0;
  const noise = octaves(rng, rng.scale(2, 12), 1);
  const second = rng.chance(0.3) ? { count: rng.scale(4, 30), weight: rng.between(0.2, 0.8) } : undefined;
  return each(
    turned(rng, (u, v) => {
      const t = u * count + wobble * noise(u, v);
      const s = second ? second.weight * Math.sin(2 * Math.PI * v * second.count) : 0;
      return shape(t - Math.floor(t)) + s;
    }),
  );
}

/** A motif at each point of a lattice of two random directions. */
function lattice(rng) {
  const count = rng.scale(4, 24);
  const [skew, aspect] = [rng.between(-0.6, 0.6), rng.scale(0.5, 2)];
  const [radius, soft] = [rng.between(0.15, 0.45), rng.scale(0.02, 0.2)];
  const distance = rng.pick([
    (a, b) => Math.hypot(a, b),
    (a, b) => Math.max(Math.abs(a), Math.abs(b)),
    (a, b) => Math.abs(a) + Math.abs(b),
    (a, b) => Math.min(Math.abs(a), Math.abs(b)) * 2,
    (a, b) => Math.abs(Math.hypot(a, b) - 0.25) * 2,
  ]);
  const uneven = rng.chance(0.5) ? rng.between(0.05, 0.4) : 0;
  const noise = valueNoise(rng, 16);
  return each(
    turned(rng, (u, v) => {
      const s = u * count + skew * v * count;
      const t = v * count * aspect;
      const a = s - Math.floor(s) - 0.5;
      const b = t - Math.floor(t) - 0.5;
      return Math.max(0, Math.min(1, (radius - distance(a, b)) / soft + 0.5)) + uneven * noise(u, v);
    }),
  );
}

/** Distance to the nearest, or between the two nearest, of scattered points (Worley 1996). */
function cells(rng) {
  const n = rng.count(4, 24);
  const jitter = rng.between(0.3, 1);
  const points = Array.from({ length: n * n }, () => [
    0.5 + jitter * (rng.next() - 0.5),
    0.5 + jitter * (rng.next() - 0.5),
    rng.next(),
  ]);
  const kind = rng.whole(4);
  const walls = rng.scale(0.03, 0.3);
  return each((u, v) => {
    const [s, t] = [u * n, v * n];
    const [i, j] = [Math.floor(s), Math.floor(t)];
    let [first, second, own] = [9, 9, 0];
    for (let dj = -1; dj <= 1; dj++) {
      for (let di = -1; di <= 1; di++) {
        const point = points[((j + dj + n) % n) * n + ((i + di + n) % n)];
        const d = Math.hypot(i + di + point[0] - s, j + dj + point[1] - t);
        if (d < first) {
          second = first;
          first = d;
          own = point[2];
        } else if (d < second) second = d;
      }
    }
    if (kind === 0) return first;
    if (kind === 1) return second - first;
    if (kind === 2) return second - first < walls ? 0 : 0.4 + 0.6 * own;
    return own;
  });
}

/** Noise bent by noise; smooth, in bands, or in two tones. */
function marble(rng) {
  const bend = octaves(rng, rng.scale(2, 8), 1);
  const noise = octaves(rng, rng.scale(2, 20), rng.scale(1, 3));
  const strength = rng.scale(0.05, 0.6);
  const kind = rng.whole(3);
  const bands = rng.between(2, 8);
  const soft = rng.scale(0.02, 0.2);
  return each((u, v) => {
    const d = strength * bend(u, v);
    const value = noise(u + d, v - d);
    if (kind === 0) return value;
    if (kind === 1) return Math.sin(bands * 3 * value);
    return Math.max(0, Math.min(1, (value - 0.8) / soft + 0.5));
  });
}

/** Short lines laid over each other: fibres, brushed metal, hair. */
function strokes(rng) {
  const field = new Float32Array(side * side).fill(0.5);
  const main = rng.between(0, Math.PI);
  const spread = rng.chance(0.5) ? rng.between(0.02, 0.4) : Math.PI;
  const length = rng.scale(8, 160);
  const width = rng.count(1, 3);
  const count = Math.min(6000, Math.round((rng.between(0.5, 3) * side * side) / (length * width)));
  for (let i = 0; i < count; i++) {
    const angle = main + spread * (rng.next() - 0.5);
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    const [x, y, tone] = [rng.between(0, side), rng.between(0, side), rng.next()];
    for (let t = 0; t < length; t++) {
      for (let k = 0; k < width; k++) {
        field[(Math.floor(y + dy * t + dx * k) & 255) * side + (Math.floor(x + dx * t - dy * k) & 255)] =
          tone;
      }
    }
  }
  return blur(field, rng.count(0, 1));
}

/** Dead leaves (Lee, Mumford, Huang 2001): opaque discs of power-law size. */
function discs(rng) {
  const field = new Float32Array(side * side).fill(0.5);
  const [small, large] = [rng.scale(2, 5), rng.scale(8, 50)];
  const dome = rng.chance(0.5) ? rng.between(0.1, 0.5) : 0;
  for (let covered = 0; covered < 3 * side * side; ) {
    // density ~ r^-3
    const u = rng.next();
    const radius = 1 / Math.sqrt(u / small ** 2 + (1 - u) / large ** 2);
    const [x, y, tone] = [rng.between(0, side), rng.between(0, side), rng.next()];
    covered += Math.PI * radius * radius;
    const reach = Math.ceil(radius);
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const r = (dx * dx + dy * dy) / (radius * radius);
        if (r < 1) field[((y + dy) & 255) * side + ((x + dx) & 255)] = tone - dome * r;
      }
    }
  }
  return field;
}

function rectangles(rng) {
  const field = new Float32Array(side * side);
  const large = rng.scale(8, 70);
  const upright = rng.next();
  for (let covered = 0; covered < 3 * side * side; ) {
    const [w, h] = [rng.scale(2, large), rng.scale(2, large)].sort((a, b) => (upright < 0.5 ? a - b : b - a));
    const [x, y, tone] = [rng.whole(side), rng.whole(side), rng.next()];
    covered += w * h;
    for (let dy = 0; dy < h; dy++) {
      for (let dx = 0; dx < w; dx++) field[((y + dy) & 255) * side + ((x + dx) & 255)] = tone;
    }
  }
  return field;
}

/** Grains on a plain or slowly changing ground. */
function speckle(rng) {
  const ground = octaves(rng, rng.scale(1, 6), 1);
  const depth = rng.scale(0.02, 0.5);
  const field = each((u, v) => depth * ground(u, v));
  const grains = rng.scale(20, 8000);
  const size = rng.count(1, 3);
  for (let i = 0; i < grains; i++) {
    const [x, y, tone] = [rng.whole(side), rng.whole(side), rng.next()];
    for (let dy = 0; dy < size; dy++) {
      for (let dx = 0; dx < size; dx++) field[((y + dy) & 255) * side + ((x + dx) & 255)] = tone;
    }
  }
  return blur(field, rng.count(0, 2));
}
