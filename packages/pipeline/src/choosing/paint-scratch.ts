import { extent, type Paint, type Setting } from './paint.js';

/** A thin bent line, darker or lighter. */
export function scratch(setting: Setting): Paint {
  const { size, draw } = setting;
  const length = 2 * extent(setting) + 4;
  const width = 0.5 + (size / 128) * draw();
  const [cx, cy] = [draw() * size, draw() * size];
  const angle = draw() * 2 * Math.PI;
  const bend = (draw() - 0.5) / length;
  const shift = (draw() < 0.5 ? -1 : 1) * (25 + 90 * draw());
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return {
    opacity: (x, y) => {
      const along = cos * (x - cx) + sin * (y - cy);
      const across = -sin * (x - cx) + cos * (y - cy) - bend * along * along;
      if (Math.abs(along) > length) return 0;
      return Math.min(1, Math.max(0, width + 0.5 - Math.abs(across)));
    },
    colour: (_x, _y, _c, before) => before + shift,
  };
}
