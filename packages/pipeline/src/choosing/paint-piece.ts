import { extent, type Paint, type Setting } from './paint.js';

/** A piece of another image, turned and displaced. */
export function piece(setting: Setting): Paint {
  const { size, channels, other, draw } = setting;
  const [width, height] = [Math.max(2, extent(setting)), Math.max(2, extent(setting))];
  const [cx, cy] = [draw() * size, draw() * size];
  const [fromX, fromY] = [draw() * size, draw() * size];
  const angle = draw() * 2 * Math.PI;
  const strength = 0.5 + 0.5 * draw();
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const at = (value: number) => Math.min(size - 1, Math.max(0, Math.round(value)));
  return {
    opacity: (x, y) => {
      const [u, v] = [(x - cx) / width, (y - cy) / height];
      const inside = 1 - Math.max(u * u, v * v);
      return inside <= 0 ? 0 : strength * Math.min(1, 2 * inside);
    },
    colour: (x, y, c) => {
      const [dx, dy] = [x - cx, y - cy];
      const [sx, sy] = [at(fromX + cos * dx - sin * dy), at(fromY + sin * dx + cos * dy)];
      return other[(sy * size + sx) * channels + c];
    },
  };
}
