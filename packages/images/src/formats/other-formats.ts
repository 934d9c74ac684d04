/** Formats that are known and not read, by what stands at an offset. */
const OTHER: [name: string, at: number, ...starts: string[]][] = [
  ['GIF', 0, 'GIF87a', 'GIF89a'],
  ['AVIF', 4, 'ftypavif', 'ftypavis'],
  ['HEIC', 4, 'ftypheic', 'ftypheix', 'ftyphevc', 'ftypheim', 'ftypheis', 'ftypmif1', 'ftypmsf1'],
  ['JPEG XL', 0, '\xff\x0a', '\x00\x00\x00\x0cJXL '],
  ['JPEG 2000', 0, '\x00\x00\x00\x0cjP  ', '\xff\x4f\xff\x51'],
  ['Photoshop', 0, '8BPS'],
  ['OpenEXR', 0, 'v/1\x01'],
  ['Radiance HDR', 0, '#?RADIANCE', '#?RGBE'],
  ['icon', 0, '\x00\x00\x01\x00', '\x00\x00\x02\x00'],
  ['OS/2 bitmap array', 0, 'BA'],
  ['Netpbm', 0, 'P1', 'P2', 'P3', 'P4', 'P5', 'P6', 'P7', 'Pf', 'PF'],
  ['DirectDraw Surface', 0, 'DDS '],
  ['QOI', 0, 'qoif'],
  ['DICOM', 128, 'DICM'],
  ['NumPy', 0, '\x93NUMPY'],
  ['PDF', 0, '%PDF'],
  ['SVG', 0, '<svg', '<?xml'],
];

/** The name of the format that the bytes are of, if it is one of those that are known and not read. */
export function otherFormat(bytes: Uint8Array): string | undefined {
  const text = String.fromCharCode(...bytes.subarray(0, 160));
  return OTHER.find(([, at, ...starts]) => starts.some((start) => text.startsWith(start, at)))?.[0];
}
