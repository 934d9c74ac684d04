import { type Color, set, smoothstep } from '../scene.js';

export type Kind =
  | 'chip'
  | 'small chip'
  | 'electrolytic'
  | 'resistor'
  | 'capacitor'
  | 'crystal'
  | 'led'
  | 'header';

/** A component, at (u, v) on the board, turned by `angle`. */
export interface Part {
  kind: Kind;
  u: number;
  v: number;
  angle: number;
  /** Only the pads and the print are there. */
  missing?: boolean;
  /** The place's own kind, for its print, where another part was mounted. */
  place: Kind;
  /** 0..1: what differs between parts of one kind, as what is printed on them. */
  value: number;
}

/** Half the length and half the width, pins included, and how far the shadow falls. */
export const SIZES: Readonly<Record<Kind, readonly [half: number, across: number, height: number]>> = {
  chip: [0.2, 0.165, 0.014],
  'small chip': [0.09, 0.1, 0.012],
  electrolytic: [0.085, 0.085, 0.05],
  resistor: [0.052, 0.026, 0.008],
  capacitor: [0.052, 0.026, 0.014],
  crystal: [0.095, 0.04, 0.025],
  led: [0.045, 0.03, 0.012],
  header: [0.36, 0.045, 0.03],
};

/** Pins of the long sides: count and pitch. */
const PINS: Partial<Record<Kind, readonly [count: number, pitch: number]>> = {
  chip: [8, 0.047],
  'small chip': [4, 0.042],
};

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
      const print = Math.abs(b) < 0.011 && digit(a / 0.02 + 1.5, b / 0.011, value);
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
      const print = Math.abs(b) < 0.012 && Math.abs(a) < 0.06 && digit(a / 0.018 + 4, b / 0.012, value);
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

function paintChip(
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
      if (digit((a + wide) / (1.5 * tall) + 20 * i, (b - row) / tall, i === 2 ? value : 0.37 + 0.2 * i)) {
        shade = 0.62;
      }
    }
  }
  set(out, shade, shade, shade * 1.03);
  return true;
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

/** Whether (s, t) lies on the ink of a made-up character: one character in each unit of s, t from -1 to 1. */
function digit(s: number, t: number, value: number): boolean {
  const n = Math.floor(s);
  const x = (s - n) * 1.35;
  if (x > 1) return false;
  const code = Math.floor((Math.abs(Math.sin(12.9898 * (n + 1) + 78.233 * value)) * 43758.5453) % 128);
  const ink = 0.3;
  if (t < -1 + ink * 1.3) return (code & 1) !== 0;
  if (t > 1 - ink * 1.3) return (code & 2) !== 0;
  if (Math.abs(t) < ink * 0.7) return (code & 4) !== 0;
  if (x < ink) return (code & (t < 0 ? 8 : 16)) !== 0 || (code & 7) === 0;
  if (x > 1 - ink) return (code & (t < 0 ? 32 : 64)) !== 0;
  return false;
}
