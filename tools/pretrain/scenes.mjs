// Scenes and their pictures. A scene is what a set of good pictures has in common: leaves (opaque shapes) in front of a
// ground, each of a material. Its pictures differ in place, angle, light and noise, and, as the scene wants it, in where
// each texture begins and how the leaves lie; some have a flaw. Everything follows from the random stream given.
import { color, materialSide } from './materials.mjs';

/** Signed "insideness" > 0 within the shape, of local coordinates; about 1 at the middle. */
const shapes = {
  disc: () => (x, y) => 1 - Math.hypot(x, y),
  ring: (rng) => {
    const hole = rng.between(0.3, 0.75);
    return (x, y) => {
      const r = Math.hypot(x, y);
      return Math.min(1 - r, r - hole);
    };
  },
  box: (rng) => {
    const aspect = rng.scale(0.15, 1);
    return (x, y) => Math.min(1 - Math.abs(x), aspect - Math.abs(y));
  },
  frame: (rng) => {
    const hole = rng.between(0.4, 0.8);
    return (x, y) => {
      const d = Math.max(Math.abs(x), Math.abs(y));
      return Math.min(1 - d, d - hole);
    };
  },
  polygon: (rng) => {
    const n = rng.count(3, 8);
    const step = (2 * Math.PI) / n;
    return (x, y) => {
      const turn = Math.atan2(y, x);
      return 0.9 - Math.hypot(x, y) * Math.cos(turn - step * Math.round(turn / step));
    };
  },
  star: (rng) => {
    const [n, depth, sharp] = [rng.count(3, 14), rng.between(0.1, 0.6), rng.chance(0.5)];
    return (x, y) => {
      const wave = Math.cos(n * Math.atan2(y, x));
      return 1 - depth * 0.5 * (1 + (sharp ? Math.asin(wave) * 0.63 : wave)) - Math.hypot(x, y);
    };
  },
  blob: (rng) => {
    const waves = Array.from({ length: 4 }, (_, i) => [
      rng.between(-0.35, 0.35) / (i + 1),
      rng.between(0, 2 * Math.PI),
    ]);
    return (x, y) => {
      const turn = Math.atan2(y, x);
      let edge = 0.75;
      for (let i = 0; i < 4; i++) edge += waves[i][0] * Math.cos((i + 2) * turn + waves[i][1]);
      return edge - Math.hypot(x, y);
    };
  },
  cross: (rng) => {
    const arm = rng.between(0.15, 0.45);
    return (x, y) => {
      const [a, b] = [Math.abs(x), Math.abs(y)];
      return Math.max(Math.min(1 - a, arm - b), Math.min(1 - b, arm - a));
    };
  },
  crescent: (rng) => {
    const shift = rng.between(0.3, 0.8);
    return (x, y) => Math.min(1 - Math.hypot(x, y), Math.hypot(x - shift, y) - 0.8);
  },
};
export const shapeNames = Object.keys(shapes);

const cells = 56;
const span = 1.25;

/** A shape as a table over [-1.25, 1.25]: reading it costs the same for all. */
function tabulate(inside) {
  const table = new Float32Array(cells * cells);
  const at = (i) => ((i + 0.5) / cells - 0.5) * 2 * span;
  for (let j = 0; j < cells; j++) {
    for (let i = 0; i < cells; i++) table[j * cells + i] = inside(at(i), at(j));
  }
  return table;
}

/** Bilinear; -1 outside of the table. */
function read(table, x, y) {
  const s = (x / (2 * span) + 0.5) * cells - 0.5;
  const t = (y / (2 * span) + 0.5) * cells - 0.5;
  if (!(s >= 0 && t >= 0 && s < cells - 1 && t < cells - 1)) return -1;
  const i = Math.floor(s);
  const j = Math.floor(t);
  const a = s - i;
  const b = t - j;
  const at = j * cells + i;
  return (
    (1 - b) * ((1 - a) * table[at] + a * table[at + 1]) +
    b * ((1 - a) * table[at + cells] + a * table[at + cells + 1])
  );
}

/** One leaf; `shape` may be shared by several. */
function makeLeaf(rng, { x, y, size, kind, shape, material, materials }) {
  const angle = rng.between(0, 2 * Math.PI);
  return {
    x,
    y,
    size,
    angle,
    kind,
    table: shape,
    material: material ?? rng.whole(materials),
    ...makeSkin(rng),
    // a dome is lit from the side, an edge may be dark
    dome: rng.chance(0.4) ? rng.between(-0.7, 0.7) : 0,
    domeAngle: rng.between(0, 2 * Math.PI),
    rim: rng.chance(0.4) ? rng.between(-0.6, 0.4) : 0,
    rimWidth: rng.scale(0.03, 0.3),
  };
}

/** How a texture lies on a leaf: texels per unit of the scene, angle, beginning. */
function makeSkin(rng) {
  const angle = rng.between(-0.4, 0.4);
  const scale = rng.scale(28, 80);
  return {
    tx: scale * Math.cos(angle),
    ty: scale * Math.sin(angle),
    u: rng.between(0, 512),
    v: rng.between(0, 512),
  };
}

const square = tabulate((x, y) => 1 - Math.max(Math.abs(x), Math.abs(y)));

const layouts = ['scattered', 'scattered', 'object', 'object', 'lattice', 'texture', 'mosaic'];
const lateLayouts = ['scattered', 'object', 'object', 'lattice', 'texture', 'texture', 'mosaic'];

/**
 * Coordinates of a scene run over [-1, 1] in a picture that is neither moved nor scaled.
 *
 * @param options.late in the later part of a training: more scenes of one texture, more glare
 */
export function makeScene(rng, { materials, late }) {
  const layout = rng.pick(late ? lateLayouts : layouts);
  const leaf = (options) => makeLeaf(rng, { materials, ...options });
  const newShape = () => {
    const kind = rng.pick(shapeNames);
    return { kind: shapeNames.indexOf(kind), shape: tabulate(shapes[kind](rng)) };
  };
  const leaves = [];
  if (layout === 'scattered') {
    const [small, large] = [rng.scale(0.08, 0.25), rng.scale(0.25, 1)];
    const kinds = Array.from({ length: rng.count(1, 4) }, () => ({
      ...newShape(),
      material: rng.whole(materials),
    }));
    for (let i = rng.count(5, 30); i > 0; i--) {
      const look = rng.chance(0.7) ? rng.pick(kinds) : newShape();
      leaves.push(
        leaf({
          ...look,
          x: rng.between(-1.3, 1.3),
          y: rng.between(-1.3, 1.3),
          size: rng.scale(small, large),
        }),
      );
    }
  } else if (layout === 'object') {
    const body = { ...leaf({ ...newShape(), x: 0, y: 0, size: rng.between(0.5, 0.95) }) };
    const parts = Array.from({ length: rng.count(0, 6) }, () =>
      leaf({
        ...newShape(),
        x: rng.between(-0.5, 0.5),
        y: rng.between(-0.5, 0.5),
        size: rng.scale(0.06, 0.4),
      }),
    );
    leaves.push(...parts, body);
  } else if (layout === 'lattice') {
    const [look, pitch, skew] = [newShape(), rng.scale(0.22, 0.7), rng.between(-0.4, 0.4)];
    const model = leaf({ ...look, x: 0, y: 0, size: pitch * rng.between(0.3, 0.6) });
    const odd = rng.chance(0.4) ? rng.whole(materials) : model.material;
    const reach = Math.ceil(1.6 / pitch);
    for (let j = -reach; j <= reach; j++) {
      for (let i = -reach; i <= reach; i++) {
        const material = (i + j) & 1 ? odd : model.material;
        const place = { x: (i + skew * j) * pitch, y: j * pitch, material };
        if (Math.abs(place.x) < 1.6 && Math.abs(place.y) < 1.6) leaves.push({ ...model, ...place });
      }
    }
  } else if (layout === 'mosaic') {
    for (let i = rng.count(3, 8); i > 0; i--) {
      const turn = rng.between(0, 2 * Math.PI);
      const far = rng.between(0.4, 1);
      const [nx, ny] = [Math.cos(turn), Math.sin(turn)];
      // so large that it looks like a half plane
      const place = { x: (far + 2) * nx, y: (far + 2) * ny, size: 2.2 };
      leaves.push({ ...leaf({ kind: shapeNames.length, shape: square, ...place }), angle: turn });
    }
  }
  const ground = {
    ...leaf({ kind: shapeNames.length + 1, shape: square, x: 0, y: 0, size: 1 }),
    dome: 0,
    rim: 0,
  };
  return {
    leaves,
    ground,
    /** How far pictures differ. */
    varied: {
      shift: rng.pick([0.03, 0.08, 0.25]),
      turn: rng.pick([0.03, 0.1, 0.1, 0.3, 0.6, 1.2, Math.PI]),
      zoom: rng.pick([0.02, 0.06]),
      perspective: rng.chance(0.3) ? 0.12 : 0,
      begin: rng.chance(layout === 'texture' ? 0.7 : 0.3),
      // what lies on a belt or a table lies elsewhere each time
      ground: rng.chance(0.5),
      jitter: rng.chance(0.3) ? rng.scale(0.005, 0.05) : 0,
      light: rng.pick([0.05, 0.15, 0.35]),
      noise: rng.scale(0.004, 0.05),
      blur: rng.chance(0.3),
    },
    /** All in one hue, as a camera without colour sees it. */
    grey: rng.chance(0.25),
    /** A bright band that differs in place and strength. */
    glare: rng.chance(late ? 0.4 : 0.25)
      ? {
          angle: rng.between(0, Math.PI),
          width: rng.scale(0.15, 0.8),
          place: rng.between(-1, 1),
          gain: rng.scale(0.3, 2.5),
        }
      : undefined,
    zoom: rng.scale(0.6, 1.8),
    light: rng.between(0, 0.35),
    lightAngle: rng.between(0, 2 * Math.PI),
  };
}

/**
 * A picture of a scene, into `out`.
 *
 * @param options.late with large pieces that lie askew among the flaws
 * @param out.pixels Uint8Array [side, side, 3]
 * @param out.flaw Uint8Array [side, side]: 1 where the flaw is
 */
export function drawPicture(rng, scene, { side, materials, flawed, late, out }) {
  const { varied } = scene;
  const { pixels, flaw } = out;
  flaw.fill(0);
  const altered = flawed && scene.leaves.length > 2 && rng.chance(0.25) ? rng.whole(scene.leaves.length) : -1;
  const change = rng.pick(['missing', 'other', 'moved']);
  const leaves = scene.leaves.map((leaf) => prepareLeaf(rng, leaf, varied));
  const ground = prepareLeaf(rng, scene.ground, { begin: varied.begin || varied.ground, jitter: 0 });
  const replaced = altered >= 0 ? { ...leaves[altered] } : undefined;
  if (replaced) {
    if (change === 'other') replaced.material = rng.whole(materials.length);
    if (change === 'moved') replaced.x += replaced.size * rng.between(0.3, 0.8);
  }

  const turn = varied.turn * rng.between(-1, 1);
  const zoom = scene.zoom * (1 + varied.zoom * rng.between(-1, 1));
  const [c, s] = [zoom * Math.cos(turn), zoom * Math.sin(turn)];
  const [sx, sy] = [varied.shift * rng.between(-1, 1), varied.shift * rng.between(-1, 1)];
  const [px, py] = [varied.perspective * rng.between(-1, 1), varied.perspective * rng.between(-1, 1)];
  const [lightX, lightY] = [
    scene.light * Math.cos(scene.lightAngle) + varied.light * rng.between(-0.5, 0.5),
    scene.light * Math.sin(scene.lightAngle) + varied.light * rng.between(-0.5, 0.5),
  ];
  const gain = 1 + varied.light * rng.between(-0.8, 0.8);
  const gains = [0, 1, 2].map(() => gain * (1 + 0.2 * varied.light * rng.between(-1, 1)));
  const vignette = rng.chance(0.3) ? rng.between(0, 0.3) : 0;

  const glare = scene.glare && {
    x: Math.cos(scene.glare.angle) / scene.glare.width,
    y: Math.sin(scene.glare.angle) / scene.glare.width,
    place: (scene.glare.place + 0.3 * rng.between(-1, 1)) / scene.glare.width,
    gain: scene.glare.gain * rng.between(0.6, 1),
  };

  // pass 1, from front to back: which leaf is seen where, and how deep inside of it
  const us = new Float32Array(side * side);
  const vs = new Float32Array(side * side);
  for (let j = 0, at = 0; j < side; j++) {
    for (let i = 0; i < side; i++, at++) {
      const x = (2 * i + 1) / side - 1;
      const y = (2 * j + 1) / side - 1;
      const depth = 1 / (1 + px * x + py * y);
      us[at] = (c * x - s * y) * depth + sx;
      vs[at] = (s * x + c * y) * depth + sy;
    }
  }
  const seen = new Int16Array(side * side).fill(-1);
  const inside = new Float32Array(side * side);
  for (let k = 0; k < leaves.length; k++) {
    if (k !== altered) {
      cover(leaves[k], k);
      continue;
    }
    const before = seen.slice();
    cover(leaves[k], k);
    const was = seen.slice();
    seen.set(before);
    if (change !== 'missing') {
      leaves[k] = replaced;
      cover(replaced, k);
    }
    for (let at = 0; at < flaw.length; at++) {
      const now = seen[at] === k;
      if (change === 'other' ? now : now !== (was[at] === k)) flaw[at] = 1;
    }
  }

  function cover(leaf, k) {
    const { table, cos, sin } = leaf;
    // the leaf's circle in the picture; perspective moves it by little
    const [du, dv] = [leaf.x - sx, leaf.y - sy];
    const squared = zoom * zoom;
    const middleX = (((c * du + s * dv) / squared + 1) * side) / 2;
    const middleY = (((c * dv - s * du) / squared + 1) * side) / 2;
    const bend = 1 + 3 * (Math.abs(px) + Math.abs(py));
    const reach = ((1.3 * leaf.size) / zoom) * (side / 2) * bend + (bend - 1) * side;
    const [left, right] = [
      Math.max(0, Math.floor(middleX - reach)),
      Math.min(side, Math.ceil(middleX + reach)),
    ];
    const [top, bottom] = [
      Math.max(0, Math.floor(middleY - reach)),
      Math.min(side, Math.ceil(middleY + reach)),
    ];
    for (let j = top; j < bottom; j++) {
      for (let at = j * side + left; at < j * side + right; at++) {
        if (seen[at] >= 0) continue;
        const dx = us[at] - leaf.x;
        const dy = vs[at] - leaf.y;
        const depth = read(table, cos * dx + sin * dy, cos * dy - sin * dx);
        if (depth > 0) {
          seen[at] = k;
          inside[at] = depth;
        }
      }
    }
  }

  // pass 2: texture and light
  const texel = new Float64Array(3);
  for (let j = 0, at = 0; j < side; j++) {
    for (let i = 0; i < side; i++, at++) {
      const leaf = seen[at] < 0 ? ground : leaves[seen[at]];
      const x = (2 * i + 1) / side - 1;
      const y = (2 * j + 1) / side - 1;
      const lx = us[at] - leaf.x;
      const ly = vs[at] - leaf.y;
      sample(
        materials[leaf.material],
        leaf.u + leaf.tx * lx - leaf.ty * ly,
        leaf.v + leaf.ty * lx + leaf.tx * ly,
        texel,
      );
      let light = 1 + lightX * x + lightY * y - vignette * (x * x + y * y);
      if (glare) light += glare.gain * Math.exp(-((glare.x * x + glare.y * y - glare.place) ** 2));
      if (leaf.dome !== 0) light += (leaf.dome * (lx * leaf.domeX + ly * leaf.domeY)) / leaf.size;
      if (leaf.rim !== 0 && inside[at] < leaf.rimWidth) light += leaf.rim * (1 - inside[at] / leaf.rimWidth);
      for (let k = 0; k < 3; k++) {
        const value = texel[k] * light * gains[k];
        pixels[3 * at + k] = value < 0 ? 0 : value > 255 ? 255 : value;
      }
    }
  }
  if (flawed && altered < 0) {
    for (let n = rng.count(1, 2); n > 0; n--)
      rng.pick(late ? lateFlaws : flaws)(rng, { side, materials, pixels, flaw });
  }
  if (scene.grey) desaturate(pixels);
  if (varied.blur && rng.chance(0.7)) soften(pixels, side, rng.between(0.2, 1));
  const noise = 255 * varied.noise;
  for (let i = 0; i < pixels.length; i++) {
    // a sum of two uniform numbers is close enough to normal
    const value = pixels[i] + noise * 2.4 * (rng.next() + rng.next() - 1);
    pixels[i] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}

function prepareLeaf(rng, leaf, varied) {
  const own = { ...leaf };
  if (varied.begin) {
    own.u = rng.between(0, 512);
    own.v = rng.between(0, 512);
  }
  if (varied.jitter > 0) {
    own.x += varied.jitter * rng.between(-1, 1);
    own.y += varied.jitter * rng.between(-1, 1);
    own.angle += varied.jitter * rng.between(-2, 2);
  }
  own.cos = Math.cos(own.angle) / own.size;
  own.sin = Math.sin(own.angle) / own.size;
  own.domeX = Math.cos(own.domeAngle);
  own.domeY = Math.sin(own.domeAngle);
  return own;
}

/** Bilinear, mirrored at the sides. */
function sample(texture, u, v, out) {
  const i = Math.floor(u);
  const j = Math.floor(v);
  const a = u - i;
  const b = v - j;
  const [i0, i1, j0, j1] = [mirror(i), mirror(i + 1), mirror(j) * materialSide, mirror(j + 1) * materialSide];
  const [w00, w10, w01, w11] = [(1 - a) * (1 - b), a * (1 - b), (1 - a) * b, a * b];
  const [p00, p10, p01, p11] = [3 * (j0 + i0), 3 * (j0 + i1), 3 * (j1 + i0), 3 * (j1 + i1)];
  out[0] = w00 * texture[p00] + w10 * texture[p10] + w01 * texture[p01] + w11 * texture[p11];
  out[1] = w00 * texture[p00 + 1] + w10 * texture[p10 + 1] + w01 * texture[p01 + 1] + w11 * texture[p11 + 1];
  out[2] = w00 * texture[p00 + 2] + w10 * texture[p10 + 2] + w01 * texture[p01 + 2] + w11 * texture[p11 + 2];
}

function mirror(i) {
  const t = i & (2 * materialSide - 1);
  return t < materialSide ? t : 2 * materialSide - 1 - t;
}

function desaturate(pixels) {
  for (let at = 0; at < pixels.length; at += 3) {
    const value = 0.3 * pixels[at] + 0.59 * pixels[at + 1] + 0.11 * pixels[at + 2];
    pixels.fill(value, at, at + 3);
  }
}

/** A mix with the 3x3 mean. */
function soften(pixels, side, amount) {
  const source = Uint8Array.from(pixels);
  for (let y = 1; y < side - 1; y++) {
    for (let x = 3; x < 3 * (side - 1); x++) {
      const at = 3 * y * side + x;
      const row = 3 * side;
      const sum =
        source[at - row - 3] +
        source[at - row] +
        source[at - row + 3] +
        source[at - 3] +
        source[at] +
        source[at + 3] +
        source[at + row - 3] +
        source[at + row] +
        source[at + row + 3];
      pixels[at] = source[at] + amount * (sum / 9 - source[at]);
    }
  }
}

/** Calls `paint` for each pixel of a random shape, and marks it. */
function patch(rng, { side, flaw }, [smallest, largest], paint) {
  const inside = shapes[rng.pick(shapeNames)](rng);
  const size = rng.scale(smallest, largest) * side;
  const [cx, cy] = [rng.between(0.08, 0.92) * side, rng.between(0.08, 0.92) * side];
  const angle = rng.between(0, 2 * Math.PI);
  const stretch = rng.scale(0.4, 1);
  const [c, s] = [Math.cos(angle) / size, Math.sin(angle) / size];
  const reach = Math.ceil(1.45 * size);
  for (let y = Math.max(0, Math.floor(cy - reach)); y < Math.min(side, cy + reach); y++) {
    for (let x = Math.max(0, Math.floor(cx - reach)); x < Math.min(side, cx + reach); x++) {
      const depth = inside(c * (x - cx) + s * (y - cy), (c * (y - cy) - s * (x - cx)) / stretch);
      if (depth <= 0) continue;
      flaw[y * side + x] = 1;
      paint(3 * (y * side + x), x, y, depth);
    }
  }
}

const flaws = [
  // another material, opaque or not
  (rng, picture) => {
    const texture = rng.pick(picture.materials);
    const [alpha, zoom, texel] = [rng.between(0.4, 1), rng.between(0.4, 1.2), new Float64Array(3)];
    const begin = rng.between(0, 256);
    patch(rng, picture, [0.03, 0.18], (at, x, y) => {
      sample(texture, zoom * x + begin, zoom * y, texel);
      mix(picture.pixels, at, texel, alpha);
    });
  },
  // a stain: another tone or hue
  (rng, picture) => {
    const [stain, alpha, soft] = [
      color(rng).map((value) => 255 * value),
      rng.between(0.3, 0.9),
      rng.scale(0.05, 0.6),
    ];
    patch(rng, picture, [0.03, 0.2], (at, _x, _y, depth) => {
      mix(picture.pixels, at, stain, alpha * Math.min(1, depth / soft));
    });
  },
  // lighter or darker
  (rng, picture) => {
    const gain = rng.chance(0.5) ? rng.between(0.35, 0.75) : rng.between(1.3, 2);
    patch(rng, picture, [0.03, 0.2], (at) => {
      for (let k = 0; k < 3; k++) picture.pixels[at + k] = Math.min(255, gain * picture.pixels[at + k]);
    });
  },
  // a piece of the same picture from elsewhere, or the place itself turned, mirrored or bent
  (rng, picture) => {
    const { side } = picture;
    const source = Uint8Array.from(picture.pixels);
    const away = rng.chance(0.5) ? side : 0.15 * side;
    const [ox, oy] = [rng.between(-away, away), rng.between(-away, away)];
    const swap = rng.chance(0.4);
    const [wave, strength] = [rng.between(0.15, 0.6), rng.chance(0.5) ? rng.between(1, 5) : 0];
    patch(rng, picture, [0.05, 0.2], (at, x, y) => {
      const sx = Math.round((swap ? y : x) + ox + strength * Math.sin(wave * y));
      const sy = Math.round((swap ? x : y) + oy + strength * Math.cos(wave * x));
      const from = 3 * ((((sy % side) + side) % side) * side + (((sx % side) + side) % side));
      for (let k = 0; k < 3; k++) picture.pixels[at + k] = source[from + k];
    });
  },
  // a smear or rough place
  (rng, picture) => {
    const source = Uint8Array.from(picture.pixels);
    const { side } = picture;
    const [angle, length] = [rng.between(0, Math.PI), rng.count(3, 9)];
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    const rough = rng.chance(0.5) ? rng.between(10, 60) : 0;
    patch(rng, picture, [0.05, 0.2], (at, x, y) => {
      for (let k = 0; k < 3; k++) {
        let sum = 0;
        for (let t = 0; t < length; t++) {
          const sx = Math.min(side - 1, Math.max(0, Math.round(x + dx * (t - length / 2))));
          const sy = Math.min(side - 1, Math.max(0, Math.round(y + dy * (t - length / 2))));
          sum += source[3 * (sy * side + sx) + k];
        }
        const value = rough ? source[at + k] + rough * rng.normal() : sum / length;
        picture.pixels[at + k] = Math.max(0, Math.min(255, value));
      }
    });
  },
  line,
  line,
];

/** A piece of the picture turned about its middle, or mirrored: a fold, a part put in the wrong way. */
function askew(rng, picture) {
  const { side, pixels } = picture;
  const source = Uint8Array.from(pixels);
  const angle = rng.between(0.35, Math.PI - 0.35);
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const mirrored = rng.chance(0.3) ? -1 : 1;
  const [ox, oy] = [side * rng.between(0.3, 0.7), side * rng.between(0.3, 0.7)];
  const gain = rng.between(0.8, 1.2);
  patch(rng, picture, [0.08, 0.5], (at, x, y) => {
    const sx = Math.round(ox + c * (x - ox) - s * (y - oy));
    const sy = Math.round(oy + mirrored * (s * (x - ox) + c * (y - oy)));
    const from = 3 * (within(sy, side) * side + within(sx, side));
    for (let k = 0; k < 3; k++) pixels[at + k] = Math.min(255, gain * source[from + k]);
  });
}

/** A row or column of the picture, mirrored at the sides. */
function within(i, side) {
  const t = ((i % (2 * side)) + 2 * side) % (2 * side);
  return t < side ? t : 2 * side - 1 - t;
}

/** A scratch, crack or thread: a line that wanders. */
function line(rng, { side, pixels, flaw }) {
  const tone = color(rng, rng.chance(0.5)).map((value) => 255 * value);
  const alpha = rng.between(0.4, 1);
  const width = rng.scale(0.7, 2.5);
  const bend = rng.scale(0.01, 0.3);
  let angle = rng.between(0, 2 * Math.PI);
  let [x, y] = [rng.between(0.1, 0.9) * side, rng.between(0.1, 0.9) * side];
  for (let step = rng.scale(0.12, 0.8) * side * 2; step > 0; step--) {
    angle += bend * rng.between(-1, 1);
    x += 0.5 * Math.cos(angle);
    y += 0.5 * Math.sin(angle);
    for (let j = Math.floor(y - width); j <= y + width; j++) {
      for (let i = Math.floor(x - width); i <= x + width; i++) {
        if (i < 0 || j < 0 || i >= side || j >= side || flaw[j * side + i] === 2) continue;
        const cover = Math.min(1, width + 0.5 - Math.hypot(i - x, j - y));
        if (cover <= 0.3) continue;
        mix(pixels, 3 * (j * side + i), tone, alpha * cover * 0.5);
        flaw[j * side + i] = 1;
      }
    }
  }
}

const lateFlaws = [...flaws, askew, askew];

function mix(pixels, at, tone, alpha) {
  for (let k = 0; k < 3; k++) pixels[at + k] += alpha * (tone[k] - pixels[at + k]);
}
