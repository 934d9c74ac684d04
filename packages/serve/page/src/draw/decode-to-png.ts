import { decodeImage, encodePng, withChannels } from '@ddad/images';

/** TIFF, and what else browsers do not show. */
export async function decodeToPng(file: Blob): Promise<Blob> {
  const pixels = await decodeImage(new Uint8Array(await file.arrayBuffer()));
  const png = encodePng(pixels.channels === 4 ? withChannels(pixels, 3) : pixels);
  return new Blob([new Uint8Array(png)], { type: 'image/png' });
}
