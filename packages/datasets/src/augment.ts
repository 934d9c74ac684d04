import { assertPixels, type Pixels } from '@ddad/images';
import { checkOptions } from '@ddad/options';
import { hash } from './random.js';

export interface AugmentOptions {
  /** Whole numbers that the result depends on and nothing else, such as `[seed, epoch, index]`. */
  key: readonly number[];
  /** Mirrors left and right, every other time. @default false */
  flipHorizontal?: boolean;
  /** Mirrors top and bottom, every other time. @default false */
  flipVertical?: boolean;
  /** Largest rotation either way in degrees; the border is mirrored. @default 0 */
  rotation?: number;
  /** Brightness is multiplied by 1 - x to 1 + x. @default 0 */
  brightness?: number;
  /** Contrast about the mean gray is multiplied by 1 - x to 1 + x. @default 0 */
  contrast?: number;
  /** Saturation is multiplied by 1 - x to 1 + x; colour images only. @default 0 */
  saturation?: number;
}

/**
 * A randomly changed copy for training: flips, a rotation about the middle (bilinear), then brightness, contrast
 * and saturation as torchvision's ColorJitter draws them. Everything is off by default.
 *
 * Only use what can occur on good objects: a model trained on flipped images finds nothing wrong with a part
 * mounted the wrong way round.
 *
 * @throws if the pixels are inconsistent, `key` has something but integers, or an amount is negative
 */
export function augment(pixels: Pixels, options: AugmentOptions): Pixels {
  checkOptions('augment', options, {
    key: true,
    flipHorizontal: true,
    flipVertical: true,
    rotation: true,
    brightness: true,
    contrast: true,
    saturation: true,
  });
  const { key, flipHorizontal = false, flipVertical = false } = options;
  const { rotation = 0, brightness = 0, contrast = 0, saturation = 0 } = options;
  assertPixels('augment', pixels);
  if (key.length === 0 || !key.every(Number.isInteger)) {
    throw new Error(`augment: key must be integers such as [seed, epoch, index], got [${key.join(', ')}]`);
  }
  for (const [name, amount] of Object.entries({ rotation, brightness, contrast, saturation })) {
    if (!(amount >= 0)) throw new Error(`augment: ${name} must be 0 or more, got ${amount}`);
  }
  // One draw per operation, used or not: switching one on leaves the others as they were.
  const draw = (operation: number) => hash(...key, operation) / 2 ** 32;
  const factor = (operation: number, amount: number) => Math.max(0, 1 + amount * (2 * draw(operation) - 1));
  let result: Pixels = { ...pixels, data: pixels.data.slice() };
  if (flipHorizontal && draw(0) < 0.5) result = move(result, (x, y) => [pixels.width - 1 - x, y]);
  if (flipVertical && draw(1) < 0.5) result = move(result, (x, y) => [x, pixels.height - 1 - y]);
  if (rotation > 0) result = rotate(result, ((2 * draw(2) - 1) * rotation * Math.PI) / 180);
  if (brightness > 0) blend(result, factor(3, brightness), () => 0);
  if (contrast > 0) {
    const mean = meanGray(result);
    blend(result, factor(4, contrast), () => mean);
  }
  if (saturation > 0 && pixels.channels >= 3) blend(result, factor(5, saturation), gray);
  return result;
}

function rotate(pixels: Pixels, angle: number): Pixels {
  const cx = (pixels.width - 1) / 2;
  const cy = (pixels.height - 1) / 2;
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  return move(pixels, (x, y) => [cx + cos * (x - cx) + sin * (y - cy), cy - sin * (x - cx) + cos * (y - cy)]);
}

/** Each pixel of the result is taken, bilinearly, from where `source` says. */
function move(pixels: Pixels, source: (x: number, y: number) => [number, number]): Pixels {
  const { data, width, height, channels } = pixels;
  const result = new Uint8Array(data.length);
  let to = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [u, v] = source(x, y);
      const u0 = Math.floor(u);
      const v0 = Math.floor(v);
      const a = u - u0;
      const b = v - v0;
      const left = mirror(u0, width);
      const right = mirror(u0 + 1, width);
      const top = mirror(v0, height) * width;
      const bottom = mirror(v0 + 1, height) * width;
      for (let c = 0; c < channels; c++) {
        const at = (i: number) => data[i * channels + c]!;
        const upper = at(top + left) * (1 - a) + at(top + right) * a;
        const lower = at(bottom + left) * (1 - a) + at(bottom + right) * a;
        result[to++] = Math.round(upper * (1 - b) + lower * b);
      }
    }
  }
  return { ...pixels, data: result };
}

/** `... 1 0 | 0 1 2 | 2 1 ...` */
function mirror(i: number, n: number): number {
  const k = ((i % (2 * n)) + 2 * n) % (2 * n);
  return k < n ? k : 2 * n - 1 - k;
}

/** `base + factor * (value - base)` in place, alpha untouched. */
function blend(pixels: Pixels, factor: number, base: (data: Uint8Array, at: number) => number): void {
  const { data, channels } = pixels;
  const colors = channels <= 2 ? 1 : 3;
  for (let at = 0; at < data.length; at += channels) {
    const from = base(data, at);
    for (let c = 0; c < colors; c++) {
      const value = from + factor * (data[at + c]! - from);
      data[at + c] = Math.min(255, Math.max(0, Math.round(value)));
    }
  }
}

function gray(data: Uint8Array, at: number): number {
  return (19595 * data[at]! + 38470 * data[at + 1]! + 7471 * data[at + 2]! + 32768) >> 16;
}

function meanGray({ data, channels }: Pixels): number {
  let sum = 0;
  for (let at = 0; at < data.length; at += channels) sum += channels <= 2 ? data[at]! : gray(data, at);
  return Math.round((sum * channels) / data.length);
}
