import { deriveSeed, uniform } from '@ddad/nn';

/** A good image with something that does not belong there. */
export interface PastedDefect {
  /** Interleaved bytes. */
  image: Uint8Array;
  /** 255 where the image was changed. */
  mask: Uint8Array;
}

export interface PasteDefectOptions {
  /** Side of the images, pixels. */
  size: number;
  /** Another good image of the same size, from which pieces are taken. */
  other: Uint8Array;
  /** The same seed gives the same defect. */
  seed: number;
}

/** A place's share of the defect, 0 to 1, and the colour there. */
interface Paint {
  opacity: (x: number, y: number) => number;
  colour: (x: number, y: number, channel: number, before: number) => number;
}

type Draw = () => number;

const kinds = [piece, stain, scratch] as const;

/** A change of at least so many levels is a defect. */
const visible = 10;

/**
 * A made-up defect on a good image: a displaced piece of another one (CutPaste, Li et al. 2021, arXiv 2104.04015; blended
 * at its rim as NSA, Schlueter et al. 2022, arXiv 2109.15222), a stain or a scratch, of a size between a fiftieth and
 * a quarter of the side and of any strength. Where nothing came out visible, the next seed is tried.
 *
 * @param image interleaved bytes, `size * size * channels`
 */
export function pasteDefect(image: Uint8Array, { size, other, seed }: PasteDefectOptions): PastedDefect {
  const channels = image.length / (size * size);
  for (let attempt = 0; ; attempt++) {
    const draw = numbers(deriveSeed(seed, attempt));
    const kind = kinds[Math.floor(draw() * kinds.length)];
    const { opacity, colour } = kind({ size, channels, other, draw });
    const out = image.slice();
    const mask = new Uint8Array(size * size);
    let changed = 0;
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const share = opacity(x, y);
        if (share <= 0) continue;
        const pixel = y * size + x;
        let largest = 0;
        for (let c = 0; c < channels; c++) {
          const at = pixel * channels + c;
          const value = image[at] + share * (colour(x, y, c, image[at]) - image[at]);
          out[at] = Math.round(Math.min(Math.max(value, 0), 255));
          largest = Math.max(largest, Math.abs(out[at] - image[at]));
        }
        if (largest >= visible) {
          mask[pixel] = 255;
          changed++;
        }
      }
    }
    if (changed >= (size / 64) ** 2 || attempt === 20) return { image: out, mask };
  }
}

interface Setting {
  size: number;
  channels: number;
  other: Uint8Array;
  draw: Draw;
}

/** Between a fiftieth and a quarter of the side, small ones as often as large ones. */
const extent = ({ size, draw }: Setting) => size * 0.02 * 12.5 ** draw();

/** A piece of another image, turned and displaced. */
function piece(setting: Setting): Paint {
  const { size, channels, other, draw } = setting;
  const [width, height] = [Math.max(2, extent(setting)), Math.max(2, extent(setting))];
  const [cx, cy] = [draw() * size, draw() * size];
  const [fromX, fromY] = [draw() * size, draw() * size];
  const angle = draw() * 2 * Math.PI;
  const strength = 0.5 + 0.5 * draw();
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const at = (value: number) => Math.min(size - 1, Math.max(0, Math.round(value)));
  return {
    opacity: (x, y) => {
      const [u, v] = [(x - cx) / width, (y - cy) / height];
      const inside = 1 - Math.max(u * u, v * v);
      return inside <= 0 ? 0 : strength * Math.min(1, 2 * inside);
    },
    colour: (x, y, c) => {
      const [dx, dy] = [x - cx, y - cy];
      const [sx, sy] = [at(fromX + cos * dx - sin * dy), at(fromY + sin * dx + cos * dy)];
      return other[(sy * size + sx) * channels + c];
    },
  };
}

/** A spot with an uneven rim, of a colour of another image, darkened or lightened. */
function stain(setting: Setting): Paint {
  const { size, channels, other, draw } = setting;
  const radius = Math.max(1.5, extent(setting) / 2);
  const [cx, cy] = [draw() * size, draw() * size];
  const lobes = [2, 3, 5, 7].map((n) => ({ n, phase: draw() * 2 * Math.PI, height: (draw() * 0.8) / n }));
  const from = Math.floor(draw() * size * size) * channels;
  const factor = draw() < 0.5 ? 0.3 + 0.5 * draw() : 1.2 + 0.6 * draw();
  const strength = 0.3 + 0.7 * draw();
  return {
    opacity: (x, y) => {
      const [dx, dy] = [x - cx, y - cy];
      const angle = Math.atan2(dy, dx);
      const rim =
        radius * lobes.reduce((sum, { n, phase, height }) => sum + height * Math.sin(n * angle + phase), 1);
      return strength * Math.min(1, Math.max(0, rim - Math.hypot(dx, dy)) / (0.3 * radius));
    },
    colour: (_x, _y, c) => other[from + c] * factor,
  };
}

/** A thin bent line, darker or lighter. */
function scratch(setting: Setting): Paint {
  const { size, draw } = setting;
  const length = 2 * extent(setting) + 4;
  const width = 0.5 + (size / 128) * draw();
  const [cx, cy] = [draw() * size, draw() * size];
  const angle = draw() * 2 * Math.PI;
  const bend = (draw() - 0.5) / length;
  const shift = (draw() < 0.5 ? -1 : 1) * (25 + 90 * draw());
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return {
    opacity: (x, y) => {
      const along = cos * (x - cx) + sin * (y - cy);
      const across = -sin * (x - cx) + cos * (y - cy) - bend * along * along;
      if (Math.abs(along) > length) return 0;
      return Math.min(1, Math.max(0, width + 0.5 - Math.abs(across)));
    },
    colour: (_x, _y, _c, before) => before + shift,
  };
}

/** Uniform numbers in [0, 1), one after the other. */
function numbers(seed: number): Draw {
  const values = uniform(seed, 64);
  let at = 0;
  return () => values[at++];
}
