import type { Op } from './value.js';

/**
 * True for what ONNX Runtime 1.30's WebGPU provider takes but cannot do: `MaxPool` with indices and `ConvTranspose`
 * in three dimensions (errors), and grouped `ConvTranspose` (wrong numbers).
 */
export function needsCpu({ type, outputs, attributes }: Op): boolean {
  if (type === 'MaxPool') return outputs.length > 1;
  return type === 'ConvTranspose' && (outputs[0].shape.length > 4 || Number(attributes.group ?? 1) > 1);
}
