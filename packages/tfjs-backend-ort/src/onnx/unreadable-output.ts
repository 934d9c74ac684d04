import type { GraphProto } from './model.js';

/** The name of the output that {@link addUnreadableOutput} adds. */
export const UNREADABLE_OUTPUT = 'unreadable';

/**
 * Adds a first output of a type that onnxruntime-node cannot hand out.
 *
 * onnxruntime-node copies every result into new memory, also one that it computed into memory it was given: for an
 * optimizer's state that is a tenth of a training step and as much memory again. It copies when everything is
 * computed, in the order of the outputs, and stops at one whose type it does not know. With this output first, a run
 * into given memory ends with that error and no copy (docs/decisions/0004-results-without-copies.md). A version that
 * knows the type only copies again.
 */
export function addUnreadableOutput(graph: GraphProto): void {
  const one = { name: 'unreadableSource', dtype: 'float32' as const, dims: [1] };
  graph.initializers.push({ ...one, raw: new Uint8Array(new Float32Array([1]).buffer) });
  graph.nodes.push({
    opType: 'Cast',
    domain: '',
    inputs: [one.name],
    outputs: [UNREADABLE_OUTPUT],
    attributes: { to: BFLOAT16 },
  });
  graph.outputs.unshift({ name: UNREADABLE_OUTPUT, dtype: 'bfloat16', dims: [1] });
}

const BFLOAT16 = 16;

/** Whether a run ended as {@link addUnreadableOutput} has it end. */
export function isUnreadableOutputError(error: unknown): boolean {
  return (error as Error | undefined)?.message === `Tensor type (${BFLOAT16}) is not supported.`;
}
