export interface BmpHeader {
  width: number;
  height: number;
  topDown: boolean;
  /** Bits per pixel. */
  depth: number;
  compression: number;
  /** Where the header ends, counted from the start of the file. */
  end: number;
  /** Colours that the palette has, 0 if not stated. */
  colors: number;
  /** Bytes of a colour of the palette. */
  colorBytes: 3 | 4;
}

/** OS/2's first header, Windows' of 3 to 5, and OS/2's second one. */
const LONG_HEADERS = [40, 52, 56, 64, 108, 124];

/** @throws if the kind of header is not read; a RangeError if the file ends before */
export function bmpHeader(view: DataView): BmpHeader {
  const size = view.getUint32(14, true);
  const end = 14 + size;
  if (size === 12) {
    return {
      width: view.getUint16(18, true),
      height: view.getUint16(20, true),
      topDown: false,
      depth: view.getUint16(24, true),
      compression: 0,
      end,
      colors: 0,
      colorBytes: 3,
    };
  }
  if (!LONG_HEADERS.includes(size))
    throw new Error(`the BMP has a header of ${size} bytes, which is not read`);
  const height = view.getInt32(22, true);
  return {
    width: view.getInt32(18, true),
    height: Math.abs(height),
    topDown: height < 0,
    depth: view.getUint16(28, true),
    compression: view.getUint32(30, true),
    end,
    colors: view.getUint32(46, true),
    colorBytes: 4,
  };
}
