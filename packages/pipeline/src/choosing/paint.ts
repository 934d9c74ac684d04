/** A place's share of the defect, 0 to 1, and the colour there. */
export interface Paint {
  opacity: (x: number, y: number) => number;
  colour: (x: number, y: number, channel: number, before: number) => number;
}

/** The next random number, in [0, 1). */
export type Draw = () => number;

/** What a defect is painted with: the image has `size` pixels squared, `other` is another one like it. */
export interface Setting {
  size: number;
  channels: number;
  other: Uint8Array;
  draw: Draw;
}

/** Between a fiftieth and a quarter of the side, small ones as often as large ones. */
export const extent = ({ size, draw }: Setting) => size * 0.02 * 12.5 ** draw();
