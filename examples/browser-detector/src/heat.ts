import type { Detection } from '@ddad/detector';

/** From the threshold to twice it: yellow, orange, red. Below it the picture shines through. */
const colours = [
  [255, 214, 64],
  [255, 120, 32],
  [200, 16, 40],
];

/** The map as an image of its own size: transparent far below the threshold, opaque at twice it. */
export function heatImage({ map, width, height, threshold }: Detection): ImageData {
  const image = new ImageData(width, height);
  for (let i = 0; i < map.length; i++) {
    const share = map[i] / threshold;
    const at = Math.min(Math.max(share - 1, 0), 1) * (colours.length - 1);
    const low = Math.min(Math.floor(at), colours.length - 2);
    for (let c = 0; c < 3; c++) {
      const [from, to] = [colours[low][c], colours[low + 1][c]];
      image.data[4 * i + c] = from + (to - from) * (at - low);
    }
    image.data[4 * i + 3] = 255 * Math.min(Math.max(2 * share - 1, 0), 1);
  }
  return image;
}
