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
export const PINS: Partial<Record<Kind, readonly [count: number, pitch: number]>> = {
  chip: [8, 0.047],
  'small chip': [4, 0.042],
};
