import { describe, expect, it } from 'vitest';
import { heatMap } from './heat-map.js';
import { palette } from './palette.js';

describe('heatMap', () => {
  it("has matplotlib's inferno colours within 10 of 255", () => {
    const inferno: [number, number[]][] = [
      [0, [0, 0, 4]],
      [64, [87, 16, 110]],
      [128, [188, 55, 84]],
      [192, [249, 142, 9]],
      [255, [252, 255, 164]],
    ];
    for (const [level, color] of inferno) {
      const own = heatMap([level / 256], { width: 1, height: 1, range: [0, 1] });
      for (const [c, value] of color.entries()) expect(Math.abs(own[c] - value)).toBeLessThanOrEqual(10);
    }
  });

  it('has 256 different colours of rising lightness, so that a page can read levels back', () => {
    const colors = Array.from({ length: 256 }, (_, i) => [...palette.slice(3 * i, 3 * i + 3)]);
    expect(new Set(colors.map(String)).size).toBe(256);
    const linear = (v: number) => (v <= 10.31 ? v / 3294.6 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    const lightness = colors.map(([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b));
    for (let i = 8; i < 256; i += 4) expect(lightness[i]).toBeGreaterThan(lightness[i - 8]);
  });

  it('spreads the range over the colours and clamps outside values', () => {
    const map = [-5, 0, 0.5, 1, 7];
    const rgb = heatMap(map, { width: 5, height: 1, range: [0, 1] });
    const at = (i: number) => [...rgb.slice(3 * i, 3 * i + 3)];
    expect(at(0)).toEqual(at(1));
    expect(at(3)).toEqual([...palette.slice(765)]);
    expect(at(4)).toEqual(at(3));
    expect(at(2)).toEqual([...palette.slice(384, 387)]);
    expect(heatMap([3, 3], { width: 2, height: 1 })).toEqual(
      heatMap([0, 0], { width: 2, height: 1, range: [0, 1] }),
    );
  });

  it('refuses a map of another size', () => {
    expect(() => heatMap([1, 2, 3], { width: 2, height: 2 })).toThrow(
      'heatMap: 2 x 2 pixels with 1 value(s) each need 4, got 3',
    );
    expect(() => heatMap([], { width: 0, height: 2 })).toThrow(
      'width and height must be positive whole numbers',
    );
  });
});
