import type { SampleArray, Samples } from './samples.js';

/** Turns samples stored with EXIF orientation `orientation` (1 to 8) upright. */
export function orient(samples: Samples, orientation: number): Samples {
  if (orientation === 1) return samples;
  const { data, width, height, channels } = samples;
  const swap = orientation >= 5;
  const outWidth = swap ? height : width;
  const outHeight = swap ? width : height;
  const flipX = orientation === 2 || orientation === 3 || orientation === 7 || orientation === 8;
  const flipY = orientation === 3 || orientation === 4 || orientation === 6 || orientation === 7;
  const result = new (data.constructor as new (length: number) => SampleArray)(data.length);
  let to = 0;
  for (let y = 0; y < outHeight; y++) {
    for (let x = 0; x < outWidth; x++) {
      const u = swap ? y : x;
      const v = swap ? x : y;
      const from = ((flipY ? height - 1 - v : v) * width + (flipX ? width - 1 - u : u)) * channels;
      for (let c = 0; c < channels; c++) result[to++] = data[from + c]!;
    }
  }
  return { ...samples, data: result, width: outWidth, height: outHeight };
}
