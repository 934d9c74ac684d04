import { expect, test } from 'vitest';
import { checkOptions } from './check-options.js';
import { nearestName } from './nearest-name.js';

const known = { size: true, method: true, maxPixels: true } as const;
type Options = { size?: number; method?: string; maxPixels?: number };
const check = (options: unknown) => checkOptions<Options>('resize', options as Options, known);

test('known options pass, also those that are undefined', () => {
  check({});
  check({ size: 3, method: undefined });
});

test.each([
  [
    { siez: 1 },
    "resize: there is no option 'siez', the nearest is 'size'; there are: size, method, maxPixels",
  ],
  [{ size: 1, MaxPixel: 1 }, "there is no option 'MaxPixel', the nearest is 'maxPixels'"],
  [{ toString: 1 }, "there is no option 'toString'"],
  [null, 'resize: needs options as an object, got null'],
  [undefined, 'resize: needs options as an object, got undefined'],
  [7, 'resize: needs options as an object, got 7'],
])('%j is refused', (options, message) => {
  expect(() => check(options)).toThrow(message);
});

test('the nearest name by insertions, deletions and replacements', () => {
  const words = ['kitten', 'mitten', 'sitting'];
  expect(nearestName('kitte', words)).toBe('kitten');
  expect(nearestName('bitten', words)).toBe('kitten');
  expect(nearestName('siting', words)).toBe('sitting');
  expect(nearestName('', words)).toBe('kitten');
  expect(nearestName('x', [])).toBeUndefined();
});
