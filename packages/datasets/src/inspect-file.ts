import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { decodeImage, readHeader } from '@ddad/images';

/** What the doctor wants to know of an image or mask file. */
export interface FileFacts {
  sha256: string;
  format: 'png' | 'jpeg' | 'bmp' | 'tiff';
  /** Upright. */
  width: number;
  height: number;
  channels: number;
  /** Distinct values of the strongest colour channel, ascending; only asked of masks. */
  values: number[];
}

/** @throws as `decodeImage` and `readFile` do */
export async function inspectFile(path: string, { isMask }: { isMask: boolean }): Promise<FileFacts> {
  const bytes = await readFile(path);
  const { format } = readHeader(bytes);
  const { data, width, height, channels } = await decodeImage(bytes);
  const seen = new Uint8Array(256);
  const colors = channels <= 2 ? 1 : 3;
  if (isMask) {
    for (let i = 0; i < data.length; i += channels) {
      let value = data[i]!;
      for (let c = 1; c < colors; c++) value = Math.max(value, data[i + c]!);
      seen[value] = 1;
    }
  }
  const values = Array.from(seen.keys()).filter((value) => seen[value] === 1);
  return {
    sha256: createHash('sha256').update(bytes).digest('hex'),
    format,
    width,
    height,
    channels: colors,
    values,
  };
}
