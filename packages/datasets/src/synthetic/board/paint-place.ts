import { type Color, set } from '../scene.js';
import { type Kind, PINS, SIZES } from './part.js';

/** Colours the bare place of a part at (a, b): its tinned pads and the outline printed around it. */
export function paintPlace(kind: Kind, a: number, b: number, out: Color): boolean {
  const [half, across] = SIZES[kind];
  const pad = () => {
    const r = 0.8 + 0.12 * Math.cos(60 * a) * Math.cos(60 * b);
    set(out, 0.78 * r, 0.78 * r, 0.76 * r);
    return true;
  };
  if (kind === 'header') {
    if (Math.abs(a) > half || Math.abs(b) > across + 0.012) return false;
    const t = (a / 0.09 - Math.floor(a / 0.09) - 0.5) * 0.09;
    const r = Math.hypot(t, b);
    if (r < 0.013) set(out, 0.03, 0.03, 0.03);
    else if (r < 0.027) return pad();
    else if (Math.abs(b) < across + 0.004) return false;
    else set(out, 0.88, 0.9, 0.86);
    return r < 0.027 || Math.abs(b) >= across + 0.004;
  }
  const pins = PINS[kind];
  if (pins) {
    const [count, pitch] = pins;
    const inRow = Math.abs(a) < (count * pitch) / 2;
    const t = a / pitch - Math.floor(a / pitch) - 0.5;
    if (inRow && Math.abs(t) < 0.3 && Math.abs(Math.abs(b) - across + 0.014) < 0.018) return pad();
    const inside = Math.max(Math.abs(a) - half - 0.006, Math.abs(b) - across + 0.052);
    return Math.abs(inside) < 0.004 && print(out);
  }
  if (kind === 'electrolytic') {
    const r = Math.hypot(a, b);
    if (Math.abs(b) < 0.02 && Math.abs(Math.abs(a) - 0.05) < 0.024) return pad();
    if (a > half + 0.012 && Math.max(Math.abs(a - half - 0.03), Math.abs(b)) < 0.015)
      return Math.min(Math.abs(a - half - 0.03), Math.abs(b)) < 0.004 && print(out);
    return Math.abs(r - half - 0.006) < 0.004 && print(out);
  }
  if (Math.abs(a) > 0.03 && Math.abs(a) < half + 0.01 && Math.abs(b) < across + 0.003) return pad();
  const outline = Math.max(Math.abs(a) - half - 0.02, Math.abs(b) - across - 0.013);
  return Math.abs(outline) < 0.0035 && print(out);
}

function print(out: Color): boolean {
  set(out, 0.88, 0.9, 0.86);
  return true;
}
