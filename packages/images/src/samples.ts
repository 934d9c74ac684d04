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

/**
 * 8 bits of each sample: the high byte of 16, the colours of a palette (gray if all of them are), colours freed from an
 * associated alpha as Pillow does it.
 *
 * @throws for other depths, whose range is not known: signed integers, 32 bits, floats
 */
export function toPixels({ data, width, height, channels, alpha, palette }: Samples): Pixels {
  if (palette) return { ...resolve(data as Uint8Array, palette), width, height };
  if (data instanceof Uint8Array) {
    if (alpha === 'associated') divideByAlpha(data, channels);
    return { data, width, height, channels };
  }
  if (!(data instanceof Uint16Array)) {
    throw new Error(
      `its samples are ${depthOf(data)}, which have no meaning in 8 bits that all programs share; save it with 8 or 16 bits, from 0`,
    );
  }
  const bytes = new Uint8Array(data.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = data[i]! >> 8;
  if (alpha === 'associated') divideByAlpha(bytes, channels);
  return { data: bytes, width, height, channels };
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
