import type { Pixels } from '../pixels.js';

/** TIFF, and CMYK JPEG, by image-js; 16 bits become 8 by their high byte. */
export async function decodeOther(bytes: Uint8Array): Promise<Pixels> {
  const { decode } = await import('image-js');
  let raw: ReturnType<ReturnType<typeof decode>['getRawImage']>;
  try {
    raw = decode(bytes).getRawImage();
  } catch (error) {
    const { message } = error as Error;
    throw new Error(`it is damaged or of a kind that is not read (${message.slice(0, 100)})`, {
      cause: error,
    });
  }
  const data = new Uint8Array(raw.width * raw.height * raw.channels);
  if (raw.data.length !== data.length) {
    throw new Error(`the image is cut: ${raw.data.length} of ${data.length} values`);
  }
  const shift = raw.bitDepth === 16 ? 8 : 0;
  for (let i = 0; i < data.length; i++) data[i] = raw.data[i]! >> shift;
  return { data, width: raw.width, height: raw.height, channels: raw.channels };
}
