import { type Color, set, smoothstep } from '../scene.js';
import { isInk } from './character.js';
import { paintChip } from './paint-chip.js';
import { type Part, SIZES } from './part.js';

/** Colours the part at (a, b) in its own frame; false where it is not. */
export function paintPart(
  { kind, value }: Part,
  a: number,
  b: number,
  la: number,
  lb: number,
  out: Color,
): boolean {
  const [half, across] = SIZES[kind];
  if (Math.abs(a) > half || Math.abs(b) > across) return false;
  switch (kind) {
    case 'chip':
    case 'small chip':
      return paintChip(kind, value, a, b, la, lb, out);
    case 'electrolytic':
      return paintElectrolytic(a, b, la, lb, out);
    case 'resistor': {
      if (Math.abs(a) > 0.036) return solder(a, b, la, lb, out);
      const print = Math.abs(b) < 0.011 && isInk(a / 0.02 + 1.5, b / 0.011, value);
      const shade = print ? 0.78 : 0.11 + 0.04 * facing(a / 0.04, b / across, la, lb);
      set(out, shade, shade, shade * 1.02);
      return true;
    }
    case 'capacitor': {
      if (Math.abs(a) > 0.034) return solder(a, b, la, lb, out);
      set(out, 0.68, 0.54, 0.38, 0.9 + 0.05 * value + 0.12 * facing(a / 0.04, b / across, la, lb));
      return true;
    }
    case 'crystal': {
      const end = Math.max(0, Math.abs(a) - (half - across));
      const r = Math.hypot(end, b) / across;
      if (r > 1) return false;
      const rim = smoothstep(0.72, 0.86, r);
      const print = Math.abs(b) < 0.012 && Math.abs(a) < 0.06 && isInk(a / 0.018 + 4, b / 0.012, value);
      set(out, 0.8, 0.8, 0.78, (print ? 0.55 : 0.95) + 0.28 * rim * facing(a / half, b / across, la, lb));
      return true;
    }
    case 'led': {
      if (Math.abs(a) > 0.036) return solder(a, b, la, lb, out);
      const r = Math.hypot(a, b) / 0.022;
      if (r < 1) set(out, 0.98, 0.86, 0.42, 0.9 + 0.15 * facing(a / 0.03, b / 0.03, la, lb));
      else if (a > 0.024) set(out, 0.15, 0.5, 0.25);
      else set(out, 0.9, 0.9, 0.88);
      return true;
    }
    case 'header': {
      const pitch = 0.09;
      const t = a / pitch - Math.floor(a / pitch) - 0.5;
      const pin = Math.max(Math.abs(t) * pitch, Math.abs(b));
      if (pin < 0.017) {
        set(out, 0.92, 0.76, 0.4, 0.85 + 0.35 * facing(t * 6, b / 0.017, la, lb));
        return true;
      }
      if (Math.abs(b) > across - 0.009 && Math.abs(t) > 0.4) return false;
      const edge = smoothstep(across - 0.014, across, Math.abs(b));
      set(out, 0.09, 0.09, 0.1, 1 + (pin < 0.024 ? -0.5 : 0) + 1.6 * edge * Math.max(0, Math.sign(b) * lb));
      return true;
    }
  }
}

function paintElectrolytic(a: number, b: number, la: number, lb: number, out: Color): boolean {
  const r = Math.hypot(a, b) / SIZES.electrolytic[0];
  if (r > 1) return false;
  const towards = facing(a / 0.085, b / 0.085, la, lb);
  if (r > 0.93) set(out, 0.1, 0.12, 0.2, 1 + towards);
  else if (a < -0.035) set(out, 0.13, 0.15, 0.24);
  else {
    const vent = Math.abs(a - b) < 0.004 || Math.abs(a + b) < 0.004;
    const rim = smoothstep(0.7, 0.9, r);
    set(
      out,
      0.8,
      0.81,
      0.83,
      (vent && r < 0.7 ? 0.7 : 0.88 + 0.1 * (a * la + b * lb) * 10) + 0.3 * rim * towards,
    );
  }
  return true;
}

function solder(a: number, b: number, la: number, lb: number, out: Color): boolean {
  const hump = facing((Math.abs(a) - 0.044) * 90 * Math.sign(a), b / 0.026, la, lb);
  set(out, 0.8, 0.8, 0.79, 0.8 + 0.35 * hump);
  return true;
}

function facing(na: number, nb: number, la: number, lb: number): number {
  return Math.max(-1, Math.min(1, na * la + nb * lb));
}
