import { jpegWasm } from '../platform.js';
import type { Samples } from '../samples.js';
import { decodeCmykJpeg } from './decode-cmyk-jpeg.js';
import { jpegHeader } from './jpeg-header.js';
import { wasmCodec } from './wasm-codec.js';

/** libjpeg (mozjpeg) in WebAssembly. */
const decode = wasmCodec(() => import('@jsquash/jpeg/codec/dec/mozjpeg_dec.js'), jpegWasm);

/**
 * libjpeg's own decoder, so that a JPEG has the very bytes that Pillow and torchvision read.
 *
 * @throws if the data is damaged so that libjpeg gives up, or ends early
 */
export async function decodeJpeg(bytes: Uint8Array): Promise<Samples> {
  const { components } = jpegHeader(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (components === 4) return decodeCmykJpeg(bytes);
  if (components !== 1 && components !== 3)
    throw new Error(`the JPEG has ${components} components, which is not read`);
  const applyOrientation = false;
  const { image, messages } = await decode(bytes, applyOrientation);
  if (!image) throw new Error(`the JPEG is damaged (${messages.join('; ') || 'out of memory'})`);
  if (messages.some((message) => message.startsWith('Premature end'))) throw new Error('the JPEG is cut');
  const { width, height } = image;
  const data = new Uint8Array(image.data.buffer, image.data.byteOffset, image.data.length);
  if (components === 3) return { data, width, height, channels: 4 };
  const gray = new Uint8Array(width * height);
  for (let i = 0; i < gray.length; i++) gray[i] = data[4 * i]!;
  return { data: gray, width, height, channels: 1 };
}
