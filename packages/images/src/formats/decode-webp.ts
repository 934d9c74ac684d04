import { webpWasm } from '../platform.js';
import type { Samples } from '../samples.js';
import { wasmCodec } from './wasm-codec.js';

/** libwebp in WebAssembly. */
const decode = wasmCodec(() => import('@jsquash/webp/codec/dec/webp_dec.js'), webpWasm);

/** @throws if libwebp cannot decode it */
export async function decodeWebp(bytes: Uint8Array): Promise<Samples> {
  const { image } = await decode(bytes);
  if (!image) throw new Error('the WebP is cut or damaged');
  const { data, width, height } = image;
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels: 4 };
}
