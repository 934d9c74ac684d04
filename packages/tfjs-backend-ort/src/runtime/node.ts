import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import * as ort from 'onnxruntime-node';
import type { DType, HostArray } from '../graph/value.js';
import type { Runtime, Session, SessionOptions, SessionResult } from './runtime.js';

type Feeds = Record<string, ort.Tensor>;

/** onnxruntime-node's synchronous inner session; its public `run` wraps this in a promise. */
interface NativeSession {
  loadModel(buffer: ArrayBufferLike, byteOffset: number, byteLength: number, options: object): void;
  run(feeds: Feeds, fetches: Record<string, null>, options: object): Record<string, ort.Tensor>;
  dispose(): void;
}
interface NativeBinding {
  binding: { InferenceSession: new () => NativeSession };
  initOrt(): void;
}

/** ONNX Runtime's native library, from the npm package onnxruntime-node. */
export function nodeRuntime({ executionProviders }: { executionProviders: readonly string[] }): Runtime {
  const native = loadBinding();
  ort.env.logLevel = 'error';
  native.initOrt();

  const sessionOptions = (options: SessionOptions) => ({
    executionProviders: [...executionProviders],
    intraOpNumThreads: options.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });

  const loadSync = (model: Uint8Array, options: SessionOptions): Session => {
    const session = new native.binding.InferenceSession();
    session.loadModel(model.buffer, model.byteOffset, model.byteLength, sessionOptions(options));
    const fetches = Object.fromEntries(options.outputNames.map((name) => [name, null]));
    const runSync = (feeds: readonly unknown[]): SessionResult[] => {
      const named: Feeds = {};
      options.inputNames.forEach((name, i) => {
        named[name] = feeds[i] as ort.Tensor;
      });
      const results = session.run(named, fetches, {});
      return options.outputNames.map((name) => ({
        data: results[name].data as HostArray,
        handle: results[name],
      }));
    };
    return { runSync, run: async (feeds) => runSync(feeds), dispose: () => session.dispose() };
  };

  return {
    description: `onnxruntime-node ${ort.env.versions.node ?? ''} (${executionProviders.join(', ')})`,
    load: async (model, options) => loadSync(model, options),
    loadSync,
    wrap: (dtype: DType, shape: readonly number[], data: HostArray) =>
      new ort.Tensor(dtype, data as Float32Array, shape as number[]),
  };
}

export function defaultThreads(): number {
  return availableParallelism();
}

function loadBinding(): NativeBinding {
  const require = createRequire(import.meta.url);
  const loaded = require('onnxruntime-node/dist/binding.js') as Partial<NativeBinding>;
  const session = loaded.binding?.InferenceSession;
  if (typeof loaded.initOrt !== 'function' || typeof session?.prototype?.run !== 'function') {
    throw new Error(
      `tfjs-backend-ort: needs the inner session of onnxruntime-node 1.30, but the installed ` +
        `${ort.env.versions.node ?? 'version'} has none. Install onnxruntime-node@1.30.0.`,
    );
  }
  return loaded as NativeBinding;
}
