import { unit } from '@ddad/testing';
import type { ReportImage } from '../src/index.js';

/** Striped images, every other with a bright disc as a defect, and a map that is high there. */
export function sampleImages(count: number, [height, width] = [64, 64]): ReportImage[] {
  return Array.from({ length: count }, (_, index) => {
    const [u, v, r, strength] = unit(`sample.${index}`, 4);
    const noise = unit(`sample.noise.${index}`, height * width);
    const label = (index % 2) as 0 | 1;
    const [cy, cx, radius] = [height * (0.25 + u / 2), width * (0.25 + v / 2), width * (0.06 + r * 0.12)];
    const input = new Uint8Array(3 * height * width);
    const reconstruction = new Uint8Array(input.length);
    const map = new Float32Array(height * width);
    const mask = new Uint8Array(height * width);
    for (let i = 0; i < map.length; i++) {
      const [y, x] = [Math.floor(i / width), i % width];
      const stripe = 110 + 40 * Math.sin((x + y * 0.4) / 5 + index) + 25 * noise[i];
      const distance = Math.hypot(y - cy, x - cx) / radius;
      const inside = label === 1 && distance < 1;
      mask[i] = inside ? 1 : 0;
      map[i] =
        0.05 +
        0.12 * noise[(i * 7) % map.length] ** 4 +
        label * (0.15 + 0.6 * strength) * Math.exp(-(distance ** 2));
      for (let c = 0; c < 3; c++) {
        reconstruction[3 * i + c] = stripe * [1, 0.85, 0.6][c];
        input[3 * i + c] = inside ? 235 - 60 * c : stripe * [1, 0.85, 0.6][c];
      }
    }
    const defect = label === 0 ? undefined : ['blob', 'stain', 'hole'][index % 3];
    const score = map.reduce((a, b) => Math.max(a, b), 0);
    const id = `${defect ?? 'good'}/${String(index).padStart(3, '0')}.png`;
    return { id, label, defect, score, width, height, input, reconstruction, map, mask };
  });
}
