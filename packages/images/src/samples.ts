import { checkOptions } from '@ddad/options';
import type { Pixels } from './pixels.js';

/** Values of any depth that an image file holds. */
export type SampleArray =
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | Int8Array
  | Int16Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** What an image file holds, upright, before it is brought to 8 bits; row-major, interleaved. */
export interface Samples {
  /**
   * `data[(y * width + x) * channels + c]`: gray of 1, 2 and 4 bits is stretched to 0..255; other integers and floats
   * are the file's; indices where there is a `palette`.
   */
  data: SampleArray;
  width: number;
  height: number;
  /** 1 gray or indices, 2 gray and alpha, 3 RGB, 4 RGBA. */
  channels: number;
  /** Whether colours of a last channel of alpha are multiplied by it. @default 'straight' */
  alpha?: 'straight' | 'associated';
  /** RGBA of each index, 4 bytes. */
  palette?: Uint8Array;
}

export interface ToPixelsOptions {
  /**
   * Low and high value of the file that become 0 and 255; between them the scale is linear, rounded to the nearest byte, beyond
   * them all is 0 or 255. For cameras of 10 to 16 bits, and for files of 32 bits, signed integers or floats.
   *
   * @default none: the high byte of 16 bits
   */
  window?: readonly [number, number];
}

/** The window of a sensor whose largest value is `largest`: of as many bits as that needs, 8 at least. */
export function likelyWindow(largest: number): [number, number] {
  return [0, Math.max(2 ** Math.ceil(Math.log2(largest + 1)), 256) - 1];
}

/**
 * 8 bits of each sample, without a window: the high byte of 16, the colours of a palette (gray if all of them are), colours freed from an
 * associated alpha as Pillow does it.
 *
 * @throws without a window for other depths, whose range is not known: signed integers, 32 bits, floats; with one for a palette,
 * for values that are not numbers, and where the window is not two numbers, the lower first
 */
export function toPixels(
  { data, width, height, channels, alpha, palette }: Samples,
  options: ToPixelsOptions = {},
): Pixels {
  checkOptions('toPixels', options, { window: true });
  const { window } = options;
  if (window) {
    assertWindow('toPixels', window);
    if (palette) throw new Error('its colours are those of a palette, which a window has no meaning for');
    return { data: windowed(data, channels, window), width, height, channels };
  }
  if (palette) return { ...resolve(data as Uint8Array, palette), width, height };
  if (data instanceof Uint8Array) {
    if (alpha === 'associated') divideByAlpha(data, channels);
    return { data, width, height, channels };
  }
  if (!(data instanceof Uint16Array)) {
    throw new Error(
      `its samples are ${depthOf(data)}, which have no meaning in 8 bits that all programs share; save it with 8 or 16 bits, from 0, or state the window of values that counts`,
    );
  }
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = data[i]! >> 8;
  if (alpha === 'associated') divideByAlpha(bytes, channels);
  return { data: bytes, width, height, channels };
}

/** Throws unless a window is two finite numbers, the lower first; `who` opens the message. */
export function assertWindow(who: string, window: readonly [number, number]): void {
  const [low, high] = Array.isArray(window) && window.length === 2 ? window : [Number.NaN, Number.NaN];
  if (!(Number.isFinite(low) && Number.isFinite(high) && low < high)) {
    throw new Error(
      `${who}: window needs [low, high], two numbers, the lower first, got ${JSON.stringify(window)}`,
    );
  }
}

/** Alpha, which nobody looks at afterwards, is 255. */
function windowed(data: SampleArray, channels: number, [low, high]: readonly [number, number]): Uint8Array {
  const bytes = new Uint8Array(data.length).fill(255);
  const colors = channels <= 2 ? 1 : 3;
  for (let i = 0; i < data.length; i += channels) {
    for (let c = 0; c < colors; c++) {
      const value = data[i + c]!;
      if (Number.isNaN(value)) throw new Error('it has values that are not numbers (NaN)');
      const level = (255 * (value - low)) / (high - low);
      bytes[i + c] = Math.min(255, Math.max(0, Math.round(level)));
    }
  }
  return bytes;
}

function depthOf(data: SampleArray): string {
  if (data instanceof Float32Array || data instanceof Float64Array) return 'floating-point numbers';
  return `${8 * data.BYTES_PER_ELEMENT}-bit ${data instanceof Uint32Array ? 'unsigned' : 'signed'} integers`;
}

function resolve(indices: Uint8Array, palette: Uint8Array): Pick<Pixels, 'data' | 'channels'> {
  let channels = 1;
  for (let i = 0; i < palette.length; i += 4) {
    if (palette[i] !== palette[i + 1] || palette[i] !== palette[i + 2]) channels = 3;
  }
  const data = new Uint8Array(indices.length * channels);
  for (let i = 0, to = 0; i < indices.length; i++) {
    const color = indices[i]! * 4;
    if (color >= palette.length)
      throw new Error(`it is damaged: colour ${indices[i]} is not in its palette of ${palette.length / 4}`);
    data[to++] = palette[color]!;
    if (channels === 1) continue;
    data[to++] = palette[color + 1]!;
    data[to++] = palette[color + 2]!;
  }
  return { data, channels };
}

function divideByAlpha(data: Uint8Array, channels: number): void {
  for (let i = 0; i < data.length; i += channels) {
    const alpha = data[i + channels - 1]!;
    if (alpha === 255 || alpha === 0) continue;
    for (let c = 0; c < channels - 1; c++) {
      data[i + c] = Math.min(255, Math.trunc((data[i + c]! * 255) / alpha));
    }
  }
}
