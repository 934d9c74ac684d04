import type { Samples } from '../samples.js';
import { cmykToRgb } from './cmyk.js';
import { inverseDct } from './inverse-dct.js';
import { type JpegCoefficients, type JpegComponent, readJpegCoefficients } from './jpeg-coefficients.js';
import { type Plane, upsample } from './upsample.js';

/**
 * A JPEG of four components as RGB, as Pillow has it: libjpeg's arithmetic, and inks taken as inverted with Adobe's
 * marker or without. Ours because the decoder in WebAssembly gives RGB alone, which libjpeg does not make of CMYK.
 *
 * @throws if it is cut or damaged
 */
export async function decodeCmykJpeg(bytes: Uint8Array): Promise<Samples> {
  const jpeg = readJpegCoefficients(bytes);
  const { width, height, components, transform } = jpeg;
  // Adobe's marker says 0 for CMYK and 2 for YCbCr with black; libjpeg takes any other number for the latter.
  const isYcck = transform !== undefined && transform !== 0;
  const planes = components.map((component) => fullPlane(component, jpeg));
  const inks = new Uint8Array(4 * width * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to += 4) {
      for (let c = 0; c < 4; c++) {
        const { data, width: stride } = planes[c]!;
        inks[to + c] = 255 - data[y * stride + x]!;
      }
      if (isYcck) fromYcc(inks, to);
    }
  }
  return { data: cmykToRgb(inks), width, height, channels: 3 };
}

function fullPlane(component: JpegComponent, { width, height, components }: JpegCoefficients): Plane {
  const { h, v, blocksAcross, blocksDown, coefficients, quantization } = component;
  const hMax = Math.max(...components.map((each) => each.h));
  const vMax = Math.max(...components.map((each) => each.v));
  const stride = 8 * blocksAcross;
  const all = new Uint8Array(stride * 8 * blocksDown);
  for (let y = 0; y < blocksDown; y++) {
    for (let x = 0; x < blocksAcross; x++) {
      const block = 64 * (y * blocksAcross + x);
      inverseDct(coefficients, block, quantization!, all, 8 * (y * stride + x), stride);
    }
  }
  if (hMax % h !== 0 || vMax % v !== 0) {
    throw new Error(`the JPEG has sampling factors of ${h}x${v} beside ${hMax}x${vMax}, which is not read`);
  }
  const reached = { width: Math.ceil((width * h) / hMax), height: Math.ceil((height * v) / vMax) };
  const data = new Uint8Array(reached.width * reached.height);
  for (let y = 0; y < reached.height; y++) {
    data.set(all.subarray(y * stride, y * stride + reached.width), y * reached.width);
  }
  return upsample({ data, ...reached }, hMax / h, vMax / v);
}

/** `255 - Y, 255 - Cb, 255 - Cr` at `at` becomes `255 - C, 255 - M, 255 - Y`, libjpeg's tables of 16 bits. */
function fromYcc(inks: Uint8Array, at: number): void {
  const y = 255 - inks[at]!;
  const cb = 127 - inks[at + 1]!;
  const cr = 127 - inks[at + 2]!;
  const clamp = (value: number) => Math.max(0, Math.min(255, value));
  inks[at] = clamp(y + ((91881 * cr + 32768) >> 16));
  inks[at + 1] = clamp(y + ((-22554 * cb - 46802 * cr + 32768) >> 16));
  inks[at + 2] = clamp(y + ((116130 * cb + 32768) >> 16));
}
