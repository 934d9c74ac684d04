import { checkOptions } from '@ddad/options';
import { readHeader } from './safetensors-header.js';
import { type StateDict, typedArray } from './state-dict.js';
import { widen } from './widen.js';

export interface ReadOptions {
  /**
   * Keep `F16`, `BF16` and `F8_*` tensors as bit patterns (`Uint16Array`, `Uint8Array`) instead of widening
   * them to `F32`, which is exact.
   *
   * @default false
   */
  keepHalf?: boolean;
}

/**
 * The tensors of a safetensors file, in the order of its header.
 *
 * Half precision types are widened to `F32`. The data is copied; `bytes` can be freed.
 *
 * @throws Error where the bytes are not a complete, valid safetensors file (format 0.4: header of at most
 * 100 MB, tensors that cover the data without overlap or hole).
 */
export function readSafetensors(bytes: Uint8Array, options: ReadOptions = {}): StateDict {
  checkOptions('readSafetensors', options, { keepHalf: true });
  const { keepHalf = false } = options;
  const stateDict: StateDict = new Map();
  for (const { name, dtype, shape, begin, end } of readHeader(bytes).entries) {
    const tensor = { dtype, shape, data: typedArray(dtype, bytes.subarray(begin, end)) };
    stateDict.set(name, keepHalf ? tensor : widen(tensor));
  }
  return stateDict;
}
