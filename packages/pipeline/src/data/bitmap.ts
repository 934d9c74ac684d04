import type { Pixels } from '@ddad/datasets';

/**
 * Pixels as an uncompressed 24-bit BMP file; alpha is dropped, gray repeats.
 *
 * @throws if the pixels are inconsistent
 */
export function bitmap({ data, width, height, channels }: Pixels): Uint8Array {
  if (!(width > 0 && height > 0) || data?.length !== width * height * channels) {
    throw new Error(`needs ${width}x${height}x${channels} bytes of pixels, got ${data?.length}`);
  }
  const stride = Math.ceil((width * 3) / 4) * 4;
  const file = new Uint8Array(54 + stride * height);
  const view = new DataView(file.buffer);
  file.set([0x42, 0x4d]);
  view.setUint32(2, file.length, true);
  view.setUint32(10, 54, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 24, true);
  view.setUint32(34, stride * height, true);
  const green = channels >= 3 ? 1 : 0;
  const blue = channels >= 3 ? 2 : 0;
  for (let y = 0; y < height; y++) {
    let to = 54 + (height - 1 - y) * stride;
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * channels;
      file[to++] = data[from + blue];
      file[to++] = data[from + green];
      file[to++] = data[from];
    }
  }
  return file;
}
