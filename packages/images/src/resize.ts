import { checkOptions } from '@ddad/options';
import { assertPixels, assertSize, type Pixels } from './pixels.js';

export interface ResizeOptions {
  /** `[height, width]` of the result, in pixels. */
  size: readonly [number, number];
  /** @default 'bilinear' */
  method?: 'bilinear' | 'nearest';
}

/**
 * Resizes as `Image.resize` of Pillow 9 to 12 does, to the last bit (compared with 9.5.0 and 12.3.0). Pillow 13 takes the
 * vertical pass first for many tall images, and is then off by 1 in some values.
 *
 * `bilinear` is a triangle filter whose support grows with the reduction (antialiased), a horizontal pass and
 * then a vertical one, each rounded to 8 bits, with 22-bit fixed-point coefficients. Channels are independent
 * (alpha is not premultiplied). A size that does not change is a copy.
 *
 * @throws if the pixels are inconsistent or the size is not two positive integers
 * @see Pillow, src/libImaging/Resample.c and Geometry.c
 */
export function resize(pixels: Pixels, options: ResizeOptions): Pixels {
  checkOptions('resize', options, { size: true, method: true });
  const { size, method = 'bilinear' } = options;
  assertPixels('resize', pixels);
  assertSize('resize', size);
  const [height, width] = size;
  if (height === pixels.height && width === pixels.width) return { ...pixels, data: pixels.data.slice() };
  if (method === 'nearest') return nearest(pixels, height, width);
  if (method !== 'bilinear')
    throw new Error(`resize: method must be 'bilinear' or 'nearest', got '${method}'`);
  let result = pixels;
  if (width !== pixels.width) result = horizontal(result, width);
  if (height !== pixels.height) result = vertical(result, height);
  return result;
}

const PRECISION_BITS = 22;
const HALF = 1 << (PRECISION_BITS - 1);

interface Taps {
  /** Coefficients per output position. */
  count: number;
  first: Int32Array;
  used: Int32Array;
  /** `[out, count]`, scaled by 2^22. */
  weights: Int32Array;
}

function taps(inSize: number, outSize: number): Taps {
  const scale = inSize / outSize;
  const support = Math.max(scale, 1);
  const count = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outSize);
  const used = new Int32Array(outSize);
  const weights = new Int32Array(outSize * count);
  const exact = new Float64Array(count);
  for (let out = 0; out < outSize; out++) {
    const center = (out + 0.5) * scale;
    const min = Math.max(Math.trunc(center - support + 0.5), 0);
    const n = Math.min(Math.trunc(center + support + 0.5), inSize) - min;
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const distance = Math.abs((i + min - center + 0.5) * (1 / support));
      exact[i] = distance < 1 ? 1 - distance : 0;
      sum += exact[i]!;
    }
    for (let i = 0; i < n; i++) {
      const weight = sum !== 0 ? exact[i]! / sum : exact[i]!;
      weights[out * count + i] = Math.trunc(0.5 + weight * (1 << PRECISION_BITS));
    }
    first[out] = min;
    used[out] = n;
  }
  return { count, first, used, weights };
}

function horizontal({ data, width, height, channels }: Pixels, outWidth: number): Pixels {
  const { count, first, used, weights } = taps(width, outWidth);
  const result = new Uint8Array(outWidth * height * channels);
  for (let y = 0; y < height; y++) {
    const row = y * width * channels;
    let to = y * outWidth * channels;
    for (let x = 0; x < outWidth; x++) {
      const k = x * count;
      const n = used[x]!;
      const from = row + first[x]! * channels;
      if (channels === 3) {
        let a = HALF;
        let b = HALF;
        let c = HALF;
        for (let i = 0, p = from; i < n; i++, p += 3) {
          const weight = weights[k + i]!;
          a = (a + Math.imul(data[p]!, weight)) | 0;
          b = (b + Math.imul(data[p + 1]!, weight)) | 0;
          c = (c + Math.imul(data[p + 2]!, weight)) | 0;
        }
        result[to++] = clip(a);
        result[to++] = clip(b);
        result[to++] = clip(c);
      } else {
        for (let channel = 0; channel < channels; channel++) {
          let sum = HALF;
          for (let i = 0, p = from + channel; i < n; i++, p += channels) {
            sum = (sum + Math.imul(data[p]!, weights[k + i]!)) | 0;
          }
          result[to++] = clip(sum);
        }
      }
    }
  }
  return { data: result, width: outWidth, height, channels };
}

function vertical({ data, width, height, channels }: Pixels, outHeight: number): Pixels {
  const { count, first, used, weights } = taps(height, outHeight);
  const stride = width * channels;
  const result = new Uint8Array(outHeight * stride);
  const sums = new Int32Array(stride);
  for (let y = 0; y < outHeight; y++) {
    sums.fill(HALF);
    for (let i = 0; i < used[y]!; i++) {
      const weight = weights[y * count + i]!;
      const from = (first[y]! + i) * stride;
      for (let x = 0; x < stride; x++) sums[x] = sums[x]! + Math.imul(data[from + x]!, weight);
    }
    const to = y * stride;
    for (let x = 0; x < stride; x++) result[to + x] = clip(sums[x]!);
  }
  return { data: result, width, height: outHeight, channels };
}

function clip(sum: number): number {
  const value = sum >> PRECISION_BITS;
  return Math.min(value, 255);
}

function nearest({ data, width, height, channels }: Pixels, outHeight: number, outWidth: number): Pixels {
  const columns = sources(width, outWidth);
  const rows = sources(height, outHeight);
  const result = new Uint8Array(outHeight * outWidth * channels);
  let to = 0;
  for (let y = 0; y < outHeight; y++) {
    const row = rows[y]! * width;
    for (let x = 0; x < outWidth; x++) {
      const from = (row + columns[x]!) * channels;
      for (let channel = 0; channel < channels; channel++) result[to++] = data[from + channel]!;
    }
  }
  return { data: result, width: outWidth, height: outHeight, channels };
}

/** Pillow adds the step up rather than multiplying it, and so do we: the rounding decides some pixels. */
function sources(inSize: number, outSize: number): Int32Array {
  const step = inSize / outSize;
  const result = new Int32Array(outSize);
  let position = step * 0.5;
  for (let i = 0; i < outSize; i++) {
    result[i] = Math.min(Math.trunc(position), inSize - 1);
    position += step;
  }
  return result;
}
