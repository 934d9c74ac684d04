/** A place's share of the defect, 0 to 1, and the colour there. */
export interface Paint {
  opacity: (x: number, y: number) => number;
  colour: (x: number, y: number, channel: number, before: number) => number;
}

export type Draw = () => number;

export interface Setting {
  size: number;
  channels: number;
  other: Uint8Array;
  draw: Draw;
}

/** Between a fiftieth and a quarter of the side, small ones as often as large ones. */
export const extent = ({ size, draw }: Setting) => size * 0.02 * 12.5 ** draw();
