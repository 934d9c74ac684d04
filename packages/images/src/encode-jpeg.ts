import { checkOptions } from '@ddad/options';
import { withChannels } from './channels.js';
import { openWasm } from './formats/open-wasm.js';
import { assertPixels, type Pixels } from './pixels.js';
import { jpegEncoderWasm } from './platform.js';

export interface JpegOptions {
  /** 0 to 100. @default 85 */
  quality?: number;
}

interface Encoder {
  encode(data: Uint8Array, width: number, height: number, options: object): Uint8Array;
}

/** What libjpeg does of itself: Huffman tables as they come, colours at half the resolution, Annex K's tables. */
const asLibjpeg = {
  ...{ baseline: true, arithmetic: false, progressive: false, optimize_coding: false, smoothing: 0 },
  ...{ quant_table: 0, trellis_multipass: false, trellis_opt_zero: false, trellis_opt_table: false },
  ...{ trellis_loops: 1, auto_subsample: true, chroma_subsample: 2, separate_chroma_quality: false },
};
const gray = 1;
const yCbCr = 3;

let opened: Promise<Encoder> | undefined;

/**
 * The bytes of a baseline JPEG file. Gray stays gray; transparency is left out.
 *
 * @throws if the pixels are inconsistent, or quality is outside [0, 100]
 */
export async function encodeJpeg(pixels: Pixels, options: JpegOptions = {}): Promise<Uint8Array> {
  checkOptions('encodeJpeg', options, { quality: true });
  const { quality = 85 } = options;
  assertPixels('encodeJpeg', pixels);
  if (!(quality >= 0 && quality <= 100)) {
    throw new Error(`encodeJpeg: quality must be in [0, 100], got ${quality}`);
  }
  const { width, height, channels } = pixels;
  opened ??= open().catch((error) => {
    opened = undefined;
    throw error;
  });
  const encoder = await opened;
  const color_space = channels < 3 ? gray : yCbCr;
  const settings = { ...asLibjpeg, color_space, quality, chroma_quality: quality };
  // a view of the encoder's memory, which the next call writes over
  return encoder.encode(toRgba(pixels), width, height, settings).slice();
}

function toRgba(pixels: Pixels): Uint8Array {
  const { data } = withChannels(pixels, 3);
  const rgba = new Uint8Array((data.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    rgba[to] = data[from]!;
    rgba[to + 1] = data[from + 1]!;
    rgba[to + 2] = data[from + 2]!;
  }
  return rgba;
}

async function open(): Promise<Encoder> {
  const { default: createModule } = await import('@jsquash/jpeg/codec/enc/mozjpeg_enc.js');
  return openWasm<Encoder>(createModule, await jpegEncoderWasm(), () => {});
}
