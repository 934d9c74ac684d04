import type { Pixels } from '../pixels.js';
import { jpegWasm } from '../platform.js';
import { decodeOther } from './decode-other.js';

/** libjpeg (mozjpeg) in WebAssembly, as far as it is used here. */
interface Decoder {
  decode(
    bytes: Uint8Array,
    applyOrientation: boolean,
  ): { data: Uint8ClampedArray; width: number; height: number };
  /** What libjpeg said during the last decoding. */
  messages: string[];
}

/**
 * libjpeg's own decoder, so that a JPEG has the very bytes that Pillow and torchvision read. CMYK goes through
 * image-js, whose decoder is slower and a little off.
 *
 * @throws if the data is damaged so that libjpeg gives up, or ends early
 */
export async function decodeJpeg(bytes: Uint8Array): Promise<Pixels> {
  decoder ??= open();
  const { messages, decode } = await decoder;
  messages.length = 0;
  let image: ReturnType<Decoder['decode']>;
  try {
    image = withImageData(() => decode(bytes, false));
  } catch {
    // What libjpeg had allocated is lost with it.
    decoder = undefined;
    if (messages.some((message) => message.startsWith('Unsupported color conversion')))
      return decodeOther(bytes);
    throw new Error(`the JPEG is damaged (${messages.join('; ') || 'out of memory'})`);
  }
  if (messages.some((message) => message.startsWith('Premature end'))) throw new Error('the JPEG is cut');
  const { width, height, data } = image;
  return { data: new Uint8Array(data.buffer, data.byteOffset, data.length), width, height, channels: 4 };
}

let decoder: Promise<Decoder> | undefined;

async function open(): Promise<Decoder> {
  const { default: createModule } = await import('@jsquash/jpeg/codec/dec/mozjpeg_dec.js');
  wasmBinary ??= jpegWasm();
  const messages: string[] = [];
  const note = (message: string) => messages.push(message);
  const create = createModule as unknown as (options: object) => Promise<Pick<Decoder, 'decode'>>;
  const had = 'ImageData' in globalThis;
  const module = await create({
    wasmBinary: await wasmBinary,
    noInitialRun: true,
    print: note,
    printErr: note,
  });
  if (!had) Reflect.deleteProperty(globalThis, 'ImageData');
  return { messages, decode: (bytes, applyOrientation) => module.decode(bytes, applyOrientation) };
}

let wasmBinary: Promise<Uint8Array> | undefined;

/** The decoder builds its result with the global ImageData, which Node lacks. */
function withImageData<T>(run: () => T): T {
  if ('ImageData' in globalThis) return run();
  class ImageData {
    constructor(
      readonly data: Uint8ClampedArray,
      readonly width: number,
      readonly height: number,
    ) {}
  }
  Reflect.set(globalThis, 'ImageData', ImageData);
  try {
    return run();
  } finally {
    Reflect.deleteProperty(globalThis, 'ImageData');
  }
}
