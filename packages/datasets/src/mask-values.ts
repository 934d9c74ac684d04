import type { SampleArray, Samples } from '@ddad/images';

export interface MaskValues {
  /** One for each pixel, in the file's own depth. */
  values: SampleArray;
  /** The value that is 255 in 8 bits, where the depth has one. */
  white?: number;
}

/**
 * What a mask says of each pixel, in the file's own depth and never by way of 8-bit colours.
 *
 * - Colours: the strongest channel, as class ids in colours would vanish in a weighted gray.
 * - Palette: the index; its colour where the data set's rule is a level of gray (`threshold` above 0).
 * - Alpha: transparent is 0; where all that is visible is black, alpha is the value. Alpha that is the same everywhere says
 *   nothing.
 *
 * @throws if that is no answer: a palette whose colour 0 is not its darkest, numbers that are not finite
 */
export function maskValues(samples: Samples, threshold: number): MaskValues {
  const { data, channels, palette } = samples;
  if (palette) return { values: fromPalette(data as Uint8Array, palette, threshold), white: 255 };
  const white = data instanceof Uint8Array ? 255 : data instanceof Uint16Array ? 65535 : undefined;
  const values = channels === 1 ? data : strongest(samples);
  const isFloat = values instanceof Float32Array || values instanceof Float64Array;
  if (isFloat && !values.every(Number.isFinite)) throw new Error('the mask has values that are not finite');
  return { values, white };
}

/**
 * A mask as bytes, 255 is defect: values other than 0, or above `threshold` of 255.
 *
 * @throws as `maskValues`, and if a threshold above 0 has no meaning for the depth
 */
export function binaryMask(samples: Samples, threshold: number): Uint8Array {
  const { values, white } = maskValues(samples, threshold);
  const result = new Uint8Array(values.length);
  if (threshold > 0 && white === undefined) {
    throw new Error(
      `the data set's rule is that values above ${threshold} of 255 are defect; the mask's have no such range; save it with 8 or 16 bits`,
    );
  }
  const limit = threshold === 0 ? 0 : (threshold * white!) / 255;
  for (let i = 0; i < result.length; i++) {
    const value = values[i]!;
    if (threshold === 0 ? value !== 0 : value > limit) result[i] = 255;
  }
  return result;
}

function strongest({ data, channels }: Samples): SampleArray {
  const count = data.length / channels;
  const colors = channels <= 2 ? 1 : 3;
  const colorOf = (i: number) => {
    let value = data[i * channels]!;
    for (let c = 1; c < colors; c++) value = Math.max(value, data[i * channels + c]!);
    return value;
  };
  const alphaOf = (i: number) => data[i * channels + channels - 1]!;
  const values = new (data.constructor as new (length: number) => SampleArray)(count);
  let alphaSays = false;
  let colorSays = false;
  const hasAlpha = channels !== colors;
  for (let i = 0; i < count; i++) {
    values[i] = colorOf(i);
    if (!hasAlpha) continue;
    alphaSays ||= alphaOf(i) !== alphaOf(0);
    colorSays ||= alphaOf(i) !== 0 && values[i] !== 0;
  }
  if (!alphaSays) return values;
  for (let i = 0; i < count; i++) {
    if (!colorSays || alphaOf(i) === 0) values[i] = colorSays ? 0 : alphaOf(i);
  }
  return values;
}

function fromPalette(indices: Uint8Array, palette: Uint8Array, threshold: number): Uint8Array {
  const count = palette.length / 4;
  const level = (i: number) => Math.max(...palette.subarray(4 * i, 4 * i + 3));
  const isVisible = (i: number) => palette[4 * i + 3] !== 0;
  const used = [...new Set(indices)];
  const beyond = used.find((i) => i >= count);
  if (beyond !== undefined)
    throw new Error(`the mask is damaged: colour ${beyond} is not in its palette of ${count}`);
  if (threshold > 0) return indices.map((i) => (isVisible(i) ? level(i) : 0));
  const darker = used.find((i) => i > 0 && isVisible(i) && level(i) < level(0));
  if (darker !== undefined && isVisible(0)) {
    const color = (i: number) => `(${palette.subarray(4 * i, 4 * i + 3).join(', ')})`;
    throw new Error(
      `the mask's palette has ${color(0)} as colour 0 and the darker ${color(darker)} as colour ${darker}: which of them is background cannot be told; save it as gray, 0 and 255`,
    );
  }
  return indices.map((i) => (isVisible(i) ? i : 0));
}
