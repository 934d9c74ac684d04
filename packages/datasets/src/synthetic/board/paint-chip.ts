import { type Color, set, smoothstep } from '../scene.js';
import { isInk } from './character.js';
import { type Kind, PINS, SIZES } from './part.js';

/** A black body with pins on two sides, a notch and a dot where they begin, and print. */
export function paintChip(
  kind: Kind,
  value: number,
  a: number,
  b: number,
  la: number,
  lb: number,
  out: Color,
): boolean {
  const [half, across] = SIZES[kind];
  const [count, pitch] = PINS[kind]!;
  const body = across - 0.032;
  if (Math.abs(b) > body) {
    const t = a / pitch - Math.floor(a / pitch) - 0.5;
    if (Math.abs(a) > (count * pitch) / 2 || Math.abs(t) > 0.24) return false;
    const bend = (Math.abs(b) - body) / 0.032;
    set(
      out,
      0.82,
      0.82,
      0.8,
      0.62 + 0.45 * Math.exp(-((bend - 0.35 - 0.25 * Math.sign(b) * lb) ** 2) / 0.05),
    );
    return true;
  }
  const edge = Math.min(half - Math.abs(a), body - Math.abs(b));
  const bevel = 1 - smoothstep(0.004, 0.014, edge);
  const [na, nb] = half - Math.abs(a) < body - Math.abs(b) ? [Math.sign(a), 0] : [0, Math.sign(b)];
  let shade = 0.13 + 0.1 * bevel * (na * la + nb * lb);
  if (Math.hypot(a + half - 0.03, b - body + 0.03) < 0.013) shade = 0.05;
  else if (Math.hypot(a + half, b) < 0.022) shade = 0.06;
  const rows = kind === 'chip' ? [-0.045, 0.005, 0.055] : [-0.022, 0.022];
  for (const [i, row] of rows.entries()) {
    const tall = kind === 'chip' ? 0.014 : 0.011;
    const wide = kind === 'chip' ? 0.12 : 0.055;
    if (Math.abs(b - row) < tall && Math.abs(a - 0.01) < wide * (i === 1 ? 0.7 : 1)) {
      if (isInk((a + wide) / (1.5 * tall) + 20 * i, (b - row) / tall, i === 2 ? value : 0.37 + 0.2 * i)) {
        shade = 0.62;
      }
    }
  }
  set(out, shade, shade, shade * 1.03);
  return true;
}
