import { expect, test } from 'vitest';
import { formatSeconds, timeLeft } from './time-left.js';

test('time left follows the latest pace, not the slow first step', () => {
  const left = timeLeft(110);
  expect(left(0, 0)).toBeUndefined();
  expect(left(1, 60_000)).toBeCloseTo(60 * 109);
  let last: number | undefined;
  for (let step = 2; step <= 10; step++) last = left(step, 60_000 + (step - 1) * 1000);
  expect(last).toBeCloseTo(100);
});

test('no progress gives no estimate', () => {
  const left = timeLeft(10);
  left(3, 0);
  expect(left(3, 1000)).toBeUndefined();
});

/** Milliseconds of the steps of a training on a busy machine, validations every 32 steps among them. */
const recorded =
  '4887 61 98 61 74 117 143 132 201 86 79 115 117 103 130 152 333 307 535 100 99 158 88 121 109 104 114 58 61 186 133 155 1957 281 170 157 150 166 147 117 128 127 130 120 123 127 177 145 129 135 120 145 121 138 119 127 125 128 123 337 150 58 55 60 1863 150 319 187 104 110 105 107 115 190 154 96 123 189 195 129 138 127 140 138 135 137 151 128 127 147 140 131 129 145 140 158 1773 153 137 139 140 135 129 157 332 150 127 145 142 129 151 130 140 530 130 125 63 50 47 47 119 59 50 48 88 124 131 126 1564 276 164 104 168 131 131 126 143 148 128 160 141 136 109 124 77 82 48 46 46 47'
    .split(' ')
    .map(Number);

test.each([1, 20, 200])(
  'recorded steps, %i times as long: after a minute no jump by more than two',
  (slower) => {
    const left = timeLeft(recorded.length);
    let now = 0;
    let before: number | undefined;
    let shown = 0;
    recorded.forEach((duration, i) => {
      const took = duration * slower;
      now += took;
      const seconds = left(i + 1, now);
      if (
        i < recorded.length - 1 &&
        seconds !== undefined &&
        before !== undefined &&
        now - recorded[0]! * slower > 60_000
      ) {
        const expected = before - took / 1000;
        expect(seconds).toBeGreaterThanOrEqual(expected / 2 - 1e-9);
        expect(seconds).toBeLessThanOrEqual(2 * Math.max(expected, (2 * now) / (i + 1) / 1000) + 1e-9);
        shown++;
      }
      before = seconds;
    });
    expect(before).toBe(0);
    if (slower > 1) expect(shown).toBeGreaterThan(100);
  },
);

test('a pace that changes is followed, by no more than a factor of two at once', () => {
  const left = timeLeft(1000);
  let now = 0;
  let estimate = 0;
  for (let i = 0; i <= 201; i++) {
    now += 1000;
    estimate = left(i, now) ?? 0;
  }
  for (let i = 202; i <= 700; i++) {
    now += 5000;
    const next = left(i, now)!;
    expect(next).toBeLessThanOrEqual(2 * estimate);
    estimate = next;
  }
  expect(estimate / (300 * 5)).toBeCloseTo(1, 0);
});

test.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [59.6, '1 min 00 s'],
  [80, '1 min 20 s'],
  [3599.6, '1 h 00 min'],
  [7500, '2 h 05 min'],
  [90_000, '25 h 00 min'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});
