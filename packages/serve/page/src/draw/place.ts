import type { PlacedMap } from './map-of.js';

/** Lays a canvas of a map's size over the picture, of which its parent shows all: the bars of `pad` are cut off. */
export function place(
  canvas: HTMLCanvasElement,
  map: PlacedMap,
  picture: { width: number; height: number },
): void {
  const { source, target } = map.placement;
  const [x, y] = [source.width / target.width, source.height / target.height];
  const left = source.x - target.x * x;
  const top = source.y - target.y * y;
  canvas.style.left = `${(100 * left) / picture.width}%`;
  canvas.style.top = `${(100 * top) / picture.height}%`;
  canvas.style.width = `${(100 * map.width * x) / picture.width}%`;
  canvas.style.height = `${(100 * map.height * y) / picture.height}%`;
}
