import * as tf from '@tensorflow/tfjs';
import { OrtBackend } from './backend.js';
import { registerKernels } from './kernels/index.js';
import { defaultThreads, nodeRuntime } from './runtime/node.js';

export const BACKEND_NAME = 'ort';

export interface InitOptions {
  /** ONNX Runtime's execution providers, in order of preference. @default ['cpu'] */
  executionProviders?: readonly string[];
  /** Threads inside an op. @default the number of available processors */
  threads?: number;
  /** Compiled graphs kept by the lazy mode; the least recently used goes first. @default 256 */
  maxSessions?: number;
  /** Receives every ONNX model before it is loaded, for debugging. */
  onModel?: (bytes: Uint8Array) => void;
}

/**
 * Registers the backend 'ort' and makes it tfjs's current one. A second call replaces the backend, with the
 * tensors that lie in it.
 */
export async function initOrt({
  executionProviders = ['cpu'],
  threads = defaultThreads(),
  maxSessions,
  onModel,
}: InitOptions = {}): Promise<void> {
  if (!Number.isInteger(threads) || threads < 1) {
    throw new Error(`initOrt: threads must be a positive integer, but got ${threads}.`);
  }
  const runtime = nodeRuntime({ executionProviders });
  if (tf.engine().registryFactory[BACKEND_NAME]) tf.removeBackend(BACKEND_NAME);
  else registerKernels(BACKEND_NAME);
  tf.registerBackend(BACKEND_NAME, () => new OrtBackend(runtime, { threads, maxSessions, onModel }));
  await tf.setBackend(BACKEND_NAME);
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
