import type { OrtBackend } from '../backend/backend.js';
import { type DType, type HostArray, hostValue, type Value } from '../graph/value.js';

/**
 * The memory that a compiled function computes into. What a variable leaves behind serves its next value but one, so
 * that a training in steady state allocates nothing.
 */
export class OutputMemory {
  private readonly spares: Value[][];

  constructor(
    private readonly backend: OrtBackend,
    private readonly outputs: readonly Value[],
  ) {
    this.spares = outputs.map(() => []);
  }

  /** Memory for the output at `index`, with the runtime's tensor of it. */
  take(index: number): Value {
    const { dtype, shape, size } = this.outputs[index];
    const value = this.spares[index].pop() ?? hostValue(dtype, shape, newArray(dtype, size));
    this.backend.values.feed(value);
    return value;
  }

  /** Takes back a value that nothing holds any more, if the memory is this backend's own and nobody has seen it. */
  giveBack(index: number, value: Value): void {
    const { dtype, shape } = this.outputs[index];
    const fits = value.dtype === dtype && value.shape.join() === shape.join();
    if (fits && value.reusable && value.holders === 0 && this.backend.pending.isIdle)
      this.spares[index].push(value);
  }

  clear(): void {
    for (const spares of this.spares) spares.length = 0;
  }
}

export function newArray(dtype: DType, size: number): HostArray {
  if (dtype === 'float32') return new Float32Array(size);
  if (dtype === 'int32') return new Int32Array(size);
  return dtype === 'int64' ? new BigInt64Array(size) : new Uint8Array(size);
}
