/** Multiples of 2^-13. */
const C = {
  c0_298: 2446,
  c0_390: 3196,
  c0_541: 4433,
  c0_765: 6270,
  c0_899: 7373,
  c1_175: 9633,
  c1_501: 12299,
  c1_847: 15137,
  c1_961: 16069,
  c2_053: 16819,
  c2_562: 20995,
  c3_072: 25172,
};

const work = new Int32Array(64);

/**
 * The inverse DCT of a block as libjpeg's accurate integer method rounds it (Loeffler, Ligtenberg and Moschytz 1989; 13
 * bits of constants, 2 of the first pass).
 *
 * @param out bytes; the block goes to `at`, its rows `stride` apart
 */
export function inverseDct(
  coefficients: Int16Array,
  from: number,
  quantization: Uint16Array,
  out: Uint8Array,
  at: number,
  stride: number,
): void {
  for (let i = 0; i < 64; i++) work[i] = coefficients[from + i]! * quantization[i]!;
  for (let column = 0; column < 8; column++) transform(column, 8, 11);
  for (let row = 0; row < 8; row++) {
    transform(8 * row, 1, 18);
    for (let x = 0; x < 8; x++) {
      out[at + row * stride + x] = Math.max(0, Math.min(255, work[8 * row + x]! + 128));
    }
  }
}

/** Eight values of `work`, `step` apart, in place; the result is rounded to its bits above `shift`. */
function transform(at: number, step: number, shift: number): void {
  const place = (i: number) => at + i * step;
  const half = 1 << (shift - 1);
  const evenSum = Math.imul(work[place(2)]! + work[place(6)]!, C.c0_541);
  const even2 = evenSum - Math.imul(work[place(6)]!, C.c1_847);
  const even3 = evenSum + Math.imul(work[place(2)]!, C.c0_765);
  const even0 = (work[place(0)]! + work[place(4)]!) << 13;
  const even1 = (work[place(0)]! - work[place(4)]!) << 13;
  const a0 = even0 + even3;
  const a3 = even0 - even3;
  const a1 = even1 + even2;
  const a2 = even1 - even2;

  const in1 = work[place(1)]!;
  const in3 = work[place(3)]!;
  const in5 = work[place(5)]!;
  const in7 = work[place(7)]!;
  const all = Math.imul(in7 + in3 + in5 + in1, C.c1_175);
  const z1 = -Math.imul(in7 + in1, C.c0_899);
  const z2 = -Math.imul(in5 + in3, C.c2_562);
  const z3 = all - Math.imul(in7 + in3, C.c1_961);
  const z4 = all - Math.imul(in5 + in1, C.c0_390);
  const b0 = Math.imul(in7, C.c0_298) + z1 + z3;
  const b1 = Math.imul(in5, C.c2_053) + z2 + z4;
  const b2 = Math.imul(in3, C.c3_072) + z2 + z3;
  const b3 = Math.imul(in1, C.c1_501) + z1 + z4;

  work[place(0)] = (a0 + b3 + half) >> shift;
  work[place(7)] = (a0 - b3 + half) >> shift;
  work[place(1)] = (a1 + b2 + half) >> shift;
  work[place(6)] = (a1 - b2 + half) >> shift;
  work[place(2)] = (a2 + b1 + half) >> shift;
  work[place(5)] = (a2 - b1 + half) >> shift;
  work[place(3)] = (a3 + b0 + half) >> shift;
  work[place(4)] = (a3 - b0 + half) >> shift;
}
