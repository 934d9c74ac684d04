import type { DType, StateTensor, TensorData } from './state-dict.js';

const layouts: Partial<Record<DType, { exponent: number; mantissa: number; finite?: boolean }>> = {
  F16: { exponent: 5, mantissa: 10 },
  F8_E5M2: { exponent: 5, mantissa: 2 },
  F8_E4M3: { exponent: 4, mantissa: 3, finite: true },
};

const tables = new Map<DType, Float32Array>();

/** A tensor of half or quarter precision as `F32` (exact); every other tensor as it is. */
export function widen(tensor: StateTensor): StateTensor {
  const { dtype, shape, data } = tensor;
  if (dtype === 'BF16') {
    const bits = Uint32Array.from(data as Uint16Array, (x) => x << 16);
    return { dtype: 'F32', shape, data: new Float32Array(bits.buffer) };
  }
  const table = tableOf(dtype);
  return table ? { dtype: 'F32', shape, data: lookUp(data, table) } : tensor;
}

function lookUp(data: TensorData, table: Float32Array): Float32Array {
  const out = new Float32Array(data.length);
  for (let i = 0; i < out.length; i++) out[i] = table[data[i] as number];
  return out;
}

function tableOf(dtype: DType): Float32Array | undefined {
  const layout = layouts[dtype];
  if (!layout) return undefined;
  let table = tables.get(dtype);
  if (!table) {
    const { exponent, mantissa, finite = false } = layout;
    table = Float32Array.from({ length: 2 ** (1 + exponent + mantissa) }, (_, bits) =>
      decode(bits, exponent, mantissa, finite),
    );
    tables.set(dtype, table);
  }
  return table;
}

/** IEEE-style decoding; a `finite` format (E4M3) has no infinities and NaN only where all bits are set. */
function decode(bits: number, exponentBits: number, mantissaBits: number, finite: boolean): number {
  const top = 2 ** exponentBits - 1;
  const exponent = (bits >> mantissaBits) & top;
  const fraction = (bits & (2 ** mantissaBits - 1)) / 2 ** mantissaBits;
  const sign = bits >> (exponentBits + mantissaBits) ? -1 : 1;
  const bias = 2 ** (exponentBits - 1) - 1;
  if (exponent === top && !finite) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  if (exponent === top && fraction === 1 - 2 ** -mantissaBits) return Number.NaN;
  return exponent === 0 ? sign * fraction * 2 ** (1 - bias) : sign * (1 + fraction) * 2 ** (exponent - bias);
}
