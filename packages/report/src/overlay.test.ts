import { describe, expect, it } from 'vitest';
import { heatMap } from './heat-map.js';
import { overlay } from './overlay.js';

describe('overlay', () => {
  const size = { width: 5, height: 5 };
  const map = Float32Array.from({ length: 25 }, (_, i) => {
    const inside = (v: number) => v >= 1 && v <= 3;
    return +(inside(i % 5) && inside(Math.floor(i / 5)));
  });
  const rgb = new Uint8Array(75).fill(100);

  it('draws the contour on the edge pixels of the region and nowhere else', () => {
    const out = overlay(rgb, map, { ...size, threshold: 1, alpha: 0 });
    const contour = Array.from({ length: 25 }, (_, i) => +(out[3 * i] === 86 && out[3 * i + 2] === 255));
    expect(contour).toEqual([...map].map((m, i) => (i === 12 ? 0 : m)));
    expect([...out.slice(36, 39)]).toEqual([100, 100, 100]);
    expect(overlay(rgb, map, { ...size, threshold: 1.01, alpha: 0 })).toEqual(rgb);
  });

  it('mixes image and heat map by alpha', () => {
    const heat = heatMap(map, size);
    expect(overlay(rgb, map, { ...size, threshold: 2, alpha: 1 })).toEqual(heat);
    const half = overlay(rgb, map, { ...size, threshold: 2 });
    for (const [i, value] of half.entries()) {
      expect(Math.abs(value - (heat[i] + 100) / 2)).toBeLessThanOrEqual(0.5);
    }
  });

  it('draws the contour where the image has the edge of what the map shows', () => {
    const side = 48;
    const isSpot = (i: number) => Math.hypot((i % side) - 20, Math.floor(i / side) - 22) < 6;
    const photo = Uint8Array.from({ length: 3 * side * side }, (_, i) =>
      isSpot(Math.floor(i / 3)) ? 30 : 200,
    );
    const hill = Float32Array.from({ length: side * side }, (_, i) => {
      const away = Math.hypot((i % side) - 20, Math.floor(i / side) - 22);
      return 1 + 9 * Math.exp(-(away ** 2) / 50);
    });
    const out = overlay(photo, hill, { width: side, height: side, threshold: 2, alpha: 0 });
    const isContour = (i: number) => out[3 * i] === 86 && out[3 * i + 1] === 224 && out[3 * i + 2] === 255;
    for (let i = 0; i < side * side; i++) {
      const away = Math.hypot((i % side) - 20, Math.floor(i / side) - 22);
      if (isContour(i)) expect(Math.abs(away - 5.5)).toBeLessThan(2);
    }
    expect([...hill.keys()].filter(isContour).length).toBeGreaterThan(20);
  });

  it('refuses wrong sizes and alpha', () => {
    expect(() => overlay(rgb.slice(3), map, { ...size, threshold: 1 })).toThrow('need 75, got 72');
    expect(() => overlay(rgb, map, { ...size, threshold: 1, alpha: 2 })).toThrow(
      'overlay: alpha must be in [0, 1], got 2',
    );
  });
});
