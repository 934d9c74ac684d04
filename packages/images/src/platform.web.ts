import { unzlibSync, zlibSync } from 'fflate';

/** As in platform.ts, but nothing may follow the stream. */
export function inflate(data: Uint8Array, most: number): Uint8Array {
  // One more byte tells a stream of `most` bytes from a longer one; fflate drops what does not fit.
  const result = unzlibSync(data, { out: new Uint8Array(most + 1) });
  if (result.length > most) throw new Error(`it holds more than ${most} bytes`);
  const end = data.length - 4;
  const sum = new DataView(data.buffer, data.byteOffset).getUint32(end);
  if (adler32(result) !== sum) throw new Error('incorrect data check');
  return result;
}

export function deflate(bytes: Uint8Array): Uint8Array {
  return zlibSync(bytes);
}

/** In a chunk of its own, so that a page that reads no JPEG does not load it. */
export async function jpegWasm(): Promise<Uint8Array> {
  return fromBase64((await import('@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm')).default);
}

/** In a chunk of its own, too. */
export async function jpegEncoderWasm(): Promise<Uint8Array> {
  return fromBase64((await import('@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm')).default);
}

/** In a chunk of its own, too. */
export async function webpWasm(): Promise<Uint8Array> {
  return fromBase64((await import('@jsquash/webp/codec/dec/webp_dec.wasm')).default);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

/** The checksum that ends a zlib stream; fflate does not look at it. */
function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let at = 0; at < bytes.length; ) {
    // As many as cannot overflow 32 bits.
    for (const end = Math.min(at + 3800, bytes.length); at < end; at++) {
      a += bytes[at]!;
      b += a;
    }
    a %= 65521;
    b %= 65521;
  }
  return ((b << 16) | a) >>> 0;
}
