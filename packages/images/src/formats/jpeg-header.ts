import { exifOrientation } from './exif.js';

export interface JpegHeader {
  width: number;
  height: number;
  /** EXIF orientation, 1 to 8. */
  orientation: number;
  components: number;
}

/**
 * Size and orientation of a JPEG. As libjpeg does, it goes to the next marker over any bytes that lie before it.
 *
 * @throws if there is no frame header; a RangeError if the file ends before
 */
export function jpegHeader(view: DataView): JpegHeader {
  let orientation: number | undefined;
  for (let at = 2; ; ) {
    while (view.getUint8(at) !== 0xff) at++;
    while (view.getUint8(at) === 0xff) at++;
    const marker = view.getUint8(at++);
    // Stuffed bytes, restarts and TEM stand alone.
    if (marker === 0 || marker === 1 || (marker >= 0xd0 && marker <= 0xd7)) continue;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) {
      return {
        height: view.getUint16(at + 3),
        width: view.getUint16(at + 5),
        components: view.getUint8(at + 7),
        orientation: orientation ?? 1,
      };
    }
    if (marker === 0xda || marker === 0xd9) throw new Error('the JPEG has no frame header');
    const length = view.getUint16(at);
    if (marker === 0xe1 && length >= 16 && view.getUint32(at + 2) === EXIF) {
      const end = Math.min(at + length, view.byteLength);
      orientation ??= exifOrientation(new DataView(view.buffer, view.byteOffset + at + 8, end - at - 8));
    }
    at += Math.max(length, 2);
  }
}

const EXIF = 0x45786966;
