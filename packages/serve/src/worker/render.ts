import type { Detection, PreparedImage } from '@ddad/detector';
import { encodeJpeg, encodePng } from '@ddad/images';
import { heatMap, paintOverlay } from '@ddad/report';
import type { ImageResult, Outputs } from './messages.js';

/** The pictures that a request asks for. */
export async function render(
  { map, width, height, threshold, regions, inRegion, reconstruction }: Detection,
  { pixels, placement }: PreparedImage,
  outputs: Outputs,
): Promise<ImageResult['files']> {
  const files: ImageResult['files'] = {};
  // black where nothing is, the brightest at twice the threshold: as the command line paints
  const range = [0, 2 * threshold] as const;
  if (outputs.map === 'raw') files.map = littleEndian(map);
  if (outputs.map === 'png') {
    files.map = encodePng({ data: heatMap(map, { width, height, range }), width, height, channels: 3 });
  }
  if (outputs.overlay) {
    const boxes = regions.flatMap(({ original }) => (original ? [original] : []));
    const options = { width, height, placement, range, inside: inRegion, boxes };
    const painted = await paintOverlay(pixels, map, options);
    files.overlay = await encodeJpeg(painted);
  }
  if (outputs.reconstruction && reconstruction) files.reconstruction = encodePng(reconstruction);
  for (const [name, bytes] of Object.entries(files)) {
    files[name as keyof Outputs] = ownBuffer(bytes);
  }
  return files;
}

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  for (const [i, value] of values.entries()) view.setFloat32(4 * i, value, true);
  return bytes;
}

/** What is sent away to another thread must share its memory with nothing. */
function ownBuffer(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();
}
