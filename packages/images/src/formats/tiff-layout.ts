import { codecs, otherCompressions } from './tiff-compression.js';
import { readTiffTags, type TiffTags } from './tiff-tags.js';

/** What the fields of a TIFF say, checked: everything in it is read. */
export interface TiffLayout {
  littleEndian: boolean;
  width: number;
  height: number;
  /** Bits of a sample. */
  depth: number;
  format: 'uint' | 'int' | 'float';
  /** Samples of a pixel in the file. */
  samples: number;
  /** The samples that are kept, from the first one: colours, and alpha where there is one. */
  channels: number;
  color: 'gray' | 'inverted' | 'rgb' | 'palette' | 'cmyk';
  alpha?: 'straight' | 'associated';
  /** RGBA. */
  palette?: Uint8Array;
  compression: number;
  predictor: number;
  /** The lowest bit of a byte comes first. */
  reversed: boolean;
  /** One plane of blocks for each sample. */
  planar: boolean;
  blocks: TiffBlocks;
}

/** Strips are blocks as wide as the image. */
export interface TiffBlocks {
  width: number;
  height: number;
  /** In each plane. */
  across: number;
  down: number;
  offsets: number[];
  byteCounts: number[];
}

const COLORS: Record<number, { color: TiffLayout['color']; channels: number }> = {
  0: { color: 'inverted', channels: 1 },
  1: { color: 'gray', channels: 1 },
  2: { color: 'rgb', channels: 3 },
  3: { color: 'palette', channels: 1 },
  5: { color: 'cmyk', channels: 4 },
};
const OTHER_COLORS: Record<number, string> = {
  4: 'a transparency mask',
  6: 'YCbCr colours',
  8: 'CIE L*a*b* colours',
  9: 'ICC L*a*b* colours',
  10: 'ITU L*a*b* colours',
  32803: 'a colour filter array',
  32844: 'LogL colours',
  32845: 'LogLuv colours',
  34892: 'raw sensor values',
};
const FORMATS = { 1: 'uint', 2: 'int', 3: 'float' } as const;
const DEPTHS = { uint: [1, 2, 4, 8, 16, 32], int: [8, 16, 32], float: [16, 32, 64] };

/** @throws naming what is damaged, missing or not read */
export function readTiffLayout(view: DataView): TiffLayout {
  const tags = readTiffTags(view);
  const one = (tag: number, otherwise: number) => tags.values(tag)?.[0] ?? otherwise;
  const width = one(256, 0);
  const height = one(257, 0);
  const samples = one(277, 1);
  const depth = same(tags, 258, 1, samples, 'bits');
  const format = FORMATS[same(tags, 339, 1, samples, 'sample formats') as 1 | 2 | 3];
  if (format === undefined || !DEPTHS[format].includes(depth)) {
    throw notRead(`samples of ${depth} bits${format ? ` (${format})` : ' of an undefined format'}`);
  }
  const compression = one(259, 1);
  if (!codecs[compression])
    throw notRead(`${otherCompressions[compression] ?? `number ${compression}`} compression`);
  const colors = colorsOf(tags, { samples, depth, format });
  const predictor = checkPredictor(one(317, 1), { compression, depth, format });
  const reversed = one(266, 1) === 2;
  if (reversed && depth > 8) throw notRead(`the bits of ${depth}-bit samples in reversed order`);
  const planar = one(284, 1) === 2 && samples > 1;
  return {
    littleEndian: tags.littleEndian,
    ...{ width, height, depth, format, samples, ...colors, compression, predictor, reversed, planar },
    blocks: blocksOf(tags, view.byteLength, {
      ...{ width, height, compression },
      planes: planar ? samples : 1,
      pixelBits: planar ? depth : depth * samples,
    }),
  };
}

function notRead(what: string): Error {
  return new Error(`the TIFF has ${what}, which is not read; save it in another way`);
}

/** The value that a field of one value for each sample has for all of them. */
function same(tags: TiffTags, tag: number, otherwise: number, samples: number, what: string): number {
  const values = (tags.values(tag) ?? [otherwise]).slice(0, samples);
  if (values.some((value) => value !== values[0]) || (values.length !== 1 && values.length !== samples)) {
    throw notRead(`${what} of ${values.join(', ')} for ${samples} samples`);
  }
  return values[0] ?? otherwise;
}

function colorsOf(
  tags: TiffTags,
  { samples, depth, format }: Pick<TiffLayout, 'samples' | 'depth' | 'format'>,
): Pick<TiffLayout, 'color' | 'channels' | 'alpha' | 'palette'> {
  const photometric = tags.values(262)?.[0];
  if (photometric === undefined)
    throw new Error('the TIFF does not say what its values mean (no photometric interpretation)');
  const known = COLORS[photometric];
  if (!known) throw notRead(OTHER_COLORS[photometric] ?? `photometric interpretation ${photometric}`);
  const { color, channels } = known;
  const whole = format === 'uint' && depth <= 16;
  if (color === 'inverted' && !(format === 'uint' && depth <= 8)) {
    throw notRead(`samples of ${depth} bits (${format}) of which 0 is white`);
  }
  if (
    (color === 'palette' && !(format === 'uint' && depth <= 8)) ||
    (color === 'cmyk' && !(whole && depth >= 8))
  ) {
    throw notRead(`samples of ${depth} bits (${format}) in ${color === 'cmyk' ? 'CMYK' : 'a palette'}`);
  }
  if (color === 'cmyk' && (tags.values(332)?.[0] ?? 1) !== 1) throw notRead('inks other than CMYK');
  const extra = samples - channels;
  if (extra < 0 || (extra > 0 && depth < 8))
    throw notRead(`${samples} samples of ${depth} bits for a pixel of ${color}`);
  const palette = color === 'palette' ? readPalette(tags, depth) : undefined;
  if (extra === 0) return { color, channels, palette };
  const kinds = tags.values(338) ?? (color === 'rgb' && extra === 1 ? [2] : []);
  const most = color === 'rgb' ? 3 : color === 'cmyk' ? 2 : 1;
  if (extra > most || kinds.length !== extra || kinds.slice(1).some((kind) => kind !== 0) || kinds[0]! > 2) {
    throw notRead(`extra samples of the kinds ${kinds.join(', ') || '(not stated)'} beside ${color}`);
  }
  if (kinds[0] === 0) return { color, channels, palette };
  if (color === 'cmyk' || color === 'palette' || color === 'inverted') throw notRead(`alpha beside ${color}`);
  return { color, channels: channels + 1, alpha: kinds[0] === 1 ? 'associated' : 'straight' };
}

function readPalette(tags: TiffTags, depth: number): Uint8Array {
  const map = tags.values(320);
  const colors = 1 << depth;
  if (map?.length !== 3 * colors)
    throw new Error(`the TIFF's palette has ${map?.length ?? 0} of ${3 * colors} values`);
  return Uint8Array.from({ length: 4 * colors }, (_, i) =>
    i % 4 === 3 ? 255 : map[(i % 4) * colors + (i >> 2)]! >> 8,
  );
}

function checkPredictor(
  predictor: number,
  { compression, depth, format }: Pick<TiffLayout, 'compression' | 'depth' | 'format'>,
): number {
  if (predictor === 1) return 1;
  if (compression === 1 || compression === 32773)
    throw notRead('a predictor without LZW or Deflate compression');
  const differences = predictor === 2 && format !== 'float' && depth >= 8;
  if (differences || (predictor === 3 && format === 'float')) return predictor;
  throw notRead(`predictor ${predictor} for samples of ${depth} bits (${format})`);
}

function blocksOf(
  tags: TiffTags,
  bytes: number,
  image: { width: number; height: number; compression: number; planes: number; pixelBits: number },
): TiffBlocks {
  const tiled = tags.values(322) !== undefined || tags.values(324) !== undefined;
  const width = tiled ? (tags.values(322)?.[0] ?? 0) : image.width;
  const height = tiled
    ? (tags.values(323)?.[0] ?? 0)
    : Math.min(tags.values(278)?.[0] ?? image.height, image.height);
  if (!(width > 0 && height > 0))
    throw new Error(`the TIFF is damaged: its parts have ${width}x${height} pixels`);
  const across = Math.ceil(image.width / width);
  const down = Math.ceil(image.height / height);
  const needed = across * down * image.planes;
  const offsets = tags.values(tiled ? 324 : 273) ?? [];
  const byteCounts = tags.values(tiled ? 325 : 279) ?? plainByteCounts();
  if (offsets.length < needed || byteCounts.length < needed) {
    const found = Math.min(offsets.length, byteCounts.length);
    throw new Error(`the TIFF is damaged: it says where ${found} of its ${needed} parts lie`);
  }
  /** Of parts that are not compressed the size says it. */
  function plainByteCounts(): number[] {
    if (image.compression !== 1) return [];
    const rowBytes = Math.ceil((width * image.pixelBits) / 8);
    return offsets.map((_, i) => {
      const row = (Math.floor(i / across) % down) * height;
      return rowBytes * (tiled ? height : Math.min(height, image.height - row));
    });
  }
  let sum = 0;
  for (let i = 0; i < needed; i++) {
    if (byteCounts[i] === 0) throw notRead('parts that are left out');
    if (offsets[i]! + byteCounts[i]! > bytes) throw new Error('the TIFF is cut: a part lies beyond its end');
    sum += byteCounts[i]!;
  }
  if (sum > bytes) throw notRead('parts that share their bytes');
  return { width, height, across, down, offsets, byteCounts };
}
