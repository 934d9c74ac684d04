import type { DType } from '../graph/value.js';
import { encodeModel } from '../onnx/model.js';
import type { Structure } from './runtime.js';

/** A model that hands a tensor of any shape through: how values leave a provider's device. */
export function copyModel(dtype: DType): Uint8Array {
  return encodeModel({
    nodes: [{ opType: 'Identity', domain: '', inputs: ['x'], outputs: ['y'], attributes: {} }],
    initializers: [],
    inputs: [{ name: 'x', dtype }],
    outputs: [{ name: 'y', dtype }],
  });
}

export const COPY_STRUCTURE: Structure = { opTypes: new Set(['Identity']), shared: true };
