import { extent, type Paint, type Setting } from './paint.js';

/** A spot with an uneven rim, of a colour of another image, darkened or lightened. */
export function stain(setting: Setting): Paint {
  const { size, channels, other, draw } = setting;
  const radius = Math.max(1.5, extent(setting) / 2);
  const [cx, cy] = [draw() * size, draw() * size];
  const lobes = [2, 3, 5, 7].map((n) => ({ n, phase: draw() * 2 * Math.PI, height: (draw() * 0.8) / n }));
  const from = Math.floor(draw() * size * size) * channels;
  const factor = draw() < 0.5 ? 0.3 + 0.5 * draw() : 1.2 + 0.6 * draw();
  const strength = 0.3 + 0.7 * draw();
  return {
    opacity: (x, y) => {
      const [dx, dy] = [x - cx, y - cy];
      const angle = Math.atan2(dy, dx);
      const rim =
        radius * lobes.reduce((sum, { n, phase, height }) => sum + height * Math.sin(n * angle + phase), 1);
      return strength * Math.min(1, Math.max(0, rim - Math.hypot(dx, dy)) / (0.3 * radius));
    },
    colour: (_x, _y, c) => other[from + c] * factor,
  };
}
