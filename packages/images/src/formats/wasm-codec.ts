import { openWasm } from './open-wasm.js';

interface DecodedImage {
  /** RGBA. */
  data: Uint8ClampedArray;
  width: number;
  height: number;
}

interface CodecModule {
  decode(bytes: Uint8Array, ...options: unknown[]): DecodedImage | null;
}

export interface Outcome {
  /** Undefined if the decoder gave up. */
  image?: DecodedImage;
  /** What the decoder said. */
  messages: string[];
}

/** A decoder of jsquash, compiled once and opened again after it gave up: what it had allocated is lost with it. */
export function wasmCodec(
  loadModule: () => Promise<{ default: unknown }>,
  loadWasm: () => Promise<Uint8Array>,
): (bytes: Uint8Array, ...options: unknown[]) => Promise<Outcome> {
  const said: string[] = [];
  let opened: Promise<CodecModule> | undefined;
  let wasm: Promise<Uint8Array> | undefined;

  async function open(): Promise<CodecModule> {
    const { default: createModule } = await loadModule();
    wasm ??= loadWasm();
    return openWasm<CodecModule>(createModule, await wasm, (message) => said.push(message));
  }

  return async (bytes, ...options) => {
    opened ??= open().catch((error) => {
      opened = undefined;
      wasm = undefined;
      throw error;
    });
    const module = await opened;
    said.length = 0;
    try {
      const image = withImageData(() => module.decode(bytes, ...options));
      return { image: image ?? undefined, messages: [...said] };
    } catch {
      opened = undefined;
      return { messages: [...said] };
    }
  };
}

/** The decoders build their result with the global ImageData, which Node lacks. */
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
