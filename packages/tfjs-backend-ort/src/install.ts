import * as tf from '@tensorflow/tfjs';
import { OrtBackend } from './backend/backend.js';
import { provideGroupNorm } from './kernels/group-norm.js';
import { registerKernels } from './kernels/index.js';
import type { Precision } from './runtime/precision.js';
import { probe } from './runtime/probe.js';
import type { Runtime } from './runtime/runtime.js';

export const BACKEND_NAME = 'ort';

export interface InitOptions {
  /**
   * ONNX Runtime's execution providers, in order of preference: `cpu` everywhere, `webgpu`, and in Node what
   * onnxruntime-node has for the platform (`cuda`, `coreml`, `dml`). @default ['cpu']
   */
  executionProviders?: readonly string[];
  /**
   * Threads inside an op. In a browser more than one needs a cross-origin isolated page.
   *
   * @default the number of available processors; 1 in a page that is not isolated
   */
  threads?: number;
  /**
   * `float32`: as it says. `tf32`: matrix products and convolutions of the provider `cuda` may round what they multiply to 10 bits;
   * others compute as with `float32`. CUDA asks once: the first `initOrt` of a process with `cuda` decides, and before that
   * NVIDIA_TF32_OVERRIDE in the environment.
   *
   * @default 'float32'
   */
  precision?: Precision;
  /** Compiled graphs kept by the lazy mode; the least recently used goes first. @default 256 */
  maxSessions?: number;
  /** Node only: folder that every ONNX model is written to before it is loaded, as graph-0001.onnx and so on. */
  debug?: string;
  /** Receives every ONNX model before it is loaded, for debugging. */
  onModel?: (bytes: Uint8Array) => void;
  /**
   * Node's `cpu` only: folder that keeps the graphs of large compiled functions without frozen variables as ONNX Runtime optimised
   * them, 256 MiB at most, the least recently used going first: in the next process they load in a third of the time, and compute
   * the same to the last bit. They hold no values of tensors or variables. null: none are kept.
   *
   * @default null
   */
  graphCache?: string | null;
  /**
   * WebAssembly only: folder (URL, with a slash at its end) that onnxruntime-web's `.wasm` files are served from.
   *
   * @default where the bundler put them
   */
  wasmPaths?: string;
}

/**
 * Makes a runtime the tfjs backend 'ort', and that the current one, once the runtime has shown that it computes. An
 * earlier backend of this name goes, with the tensors that lie in it.
 */
export async function install(
  runtime: Runtime,
  { threads, maxSessions, onModel }: InitOptions & { threads: number },
): Promise<void> {
  await probe(runtime);
  if (tf.engine().registryFactory[BACKEND_NAME]) tf.removeBackend(BACKEND_NAME);
  else registerKernels(BACKEND_NAME);
  // WebGPU would transpose the image on both sides of it: there the layers' own composition stays
  provideGroupNorm(BACKEND_NAME, runtime.device === undefined);
  tf.registerBackend(BACKEND_NAME, () => new OrtBackend(runtime, { threads, maxSessions, onModel }));
  await tf.setBackend(BACKEND_NAME);
}

/** Threads as asked for, checked. */
export function checkThreads(threads: number): number {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new Error(`initOrt: threads must be a positive integer, but got ${threads}.`);
  }
  return threads;
}

/** The current backend if it is this one. */
export function currentBackend(): OrtBackend | null {
  const backend = tf.engine().backend;
  return backend instanceof OrtBackend ? backend : null;
}

/** Releases every compiled session of the lazy mode. */
export function clearCache(): void {
  currentBackend()?.clearCache();
}
