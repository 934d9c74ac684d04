import { loadavg } from 'node:os';
import { isMainThread } from 'node:worker_threads';
import type { Tensor } from 'onnxruntime-node';

type TensorClass = new (...args: unknown[]) => Tensor;

/** The native library's own start: the class of the tensors that it makes. A later call replaces an earlier one's. */
export interface TensorMaker {
  initOrtOnce(logLevel: number, tensor: TensorClass, isMainThread: boolean): void;
}

const FATAL = 4;

/**
 * Makes the native library's results tensors of this module's realm. Jest and Vitest's vm pools evaluate modules in realms
 * of their own, with typed arrays of their own; the library makes those of the process, which onnxruntime-node's `Tensor`
 * then refuses.
 */
export function adoptForeignRealm(library: TensorMaker, Tensor: unknown): void {
  if (Object.getPrototypeOf(loadavg()) === Array.prototype) return; // what Node makes is of this realm
  class RealmTensor extends (Tensor as TensorClass) {
    constructor(type: unknown, data: unknown, ...rest: unknown[]) {
      super(type, ofThisRealm(data), ...rest);
    }
  }
  library.initOrtOnce(FATAL, RealmTensor, isMainThread);
}

/** A typed array of another realm as a view of this realm's type; anything else as it is. */
function ofThisRealm(data: unknown): unknown {
  if (!ArrayBuffer.isView(data) || data instanceof DataView) return data;
  const { buffer, byteOffset, length } = data as Float32Array;
  const name = Object.prototype.toString.call(data).slice('[object '.length, -1);
  const Type = globalThis[name as 'Float32Array'];
  return new Type(buffer, byteOffset, length);
}
