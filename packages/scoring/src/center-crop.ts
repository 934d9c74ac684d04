export interface CropBox {
  top: number;
  left: number;
  height: number;
  width: number;
}

/**
 * The central part of an image, as torchvision's `CenterCrop` places it.
 *
 * @param size Height and width in pixels.
 * @param crop Fraction of each side that is kept, in (0, 1]; the reference keeps 224 of 256, 0.875.
 */
export function centerCrop([height, width]: [number, number], crop: number): CropBox {
  if (!(crop > 0 && crop <= 1)) {
    throw new Error(`centerCrop: crop is the fraction of the side kept, in (0, 1], got ${crop}`);
  }
  const [rows, columns] = [height, width].map((side) => Math.max(1, Math.round(side * crop)));
  return {
    top: roundHalfToEven((height - rows) / 2),
    left: roundHalfToEven((width - columns) / 2),
    height: rows,
    width: columns,
  };
}

function roundHalfToEven(value: number): number {
  return value % 1 === 0.5 ? 2 * Math.round(value / 2) : Math.round(value);
}
