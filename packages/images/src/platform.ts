import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { deflateSync, inflateSync } from 'node:zlib';
import { MissingDecoderError } from './missing-decoder-error.js';

/**
 * What a zlib stream holds; what follows its end is ignored.
 *
 * @param most bytes; a stream that holds more is refused before it takes memory
 * @throws if the stream is damaged, cut or holds more than `most`
 */
export function inflate(data: Uint8Array, most: number): Uint8Array {
  return inflateSync(data, {
    maxOutputLength: Math.max(most, 1),
    chunkSize: Math.min(Math.max(most, 64), 1 << 24),
  });
}

/** `bytes` as a zlib stream. */
export function deflate(bytes: Uint8Array): Uint8Array {
  return deflateSync(bytes);
}

/** libjpeg's decoder, compiled to WebAssembly. */
export function jpegWasm(): Promise<Uint8Array> {
  return readModule('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm');
}

/** mozjpeg's encoder, compiled to WebAssembly. */
export function jpegEncoderWasm(): Promise<Uint8Array> {
  return readModule('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm');
}

/** libwebp's decoder, compiled to WebAssembly. */
export function webpWasm(): Promise<Uint8Array> {
  return readModule('@jsquash/webp/codec/dec/webp_dec.wasm');
}

async function readModule(name: string): Promise<Uint8Array> {
  try {
    return await readFile(createRequire(import.meta.url).resolve(name));
  } catch (error) {
    throw new MissingDecoderError(
      `the codec ${name} is not there (${(error as Error).message.split('\n')[0]}). Where a bundler has left it out, keep @ddad/images out of the bundle (external)`,
      { cause: error },
    );
  }
}
