import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import type { ConfigInput } from './config/schema.js';
import { train } from './train.js';

const { at, config } = useTrained();

/** Trains, and what was said of the steps. */
async function steps(name: string, training: ConfigInput['training']) {
  const notices: string[] = [];
  const result = await train(
    { ...config, training: { ...training, batchSize: 4 }, output: { checkpoints: at(name) } },
    { onNotice: (notice) => notices.push(notice) },
  );
  return { trained: result.steps, said: notices.find((notice) => /^training \d+ steps/.test(notice)) };
}

test('a budget has as many steps as fit, and a training that is given again with another keeps its own', async () => {
  const few = await steps('few', { budget: 0.1 });
  expect(few.said).toMatch(/^training 50 steps of [\d.e-]+ s, which fit into the budget of 0\.1 s$/);
  expect(few.trained).toBe(50);
  const again = await steps('few', { budget: 3600 });
  expect(again).toEqual({ trained: 50, said: undefined });
  const more = await steps('few', { budget: 3600, steps: 60 });
  expect(more.trained).toBe(50);
  expect(more.said).toMatch(
    /^training 50 steps, as it was begun in .*few, whatever .* training\.steps 60 allow/,
  );
});

test('steps beside a budget are the most', async () => {
  const { trained, said } = await steps('most', { steps: 7, budget: 3600 });
  expect(trained).toBe(7);
  const numbers =
    /^training 7 steps of ([\d.e-]+) s, the most by training\.steps: about (\d+) s, the budget of 3600 s has time for (\d+)$/.exec(
      said!,
    );
  const [, each, whole, fitting] = numbers!.map(Number);
  expect(Math.abs(7 * each - whole)).toBeLessThan(0.6);
  // an hour without what is kept for the calibration
  expect(Math.abs((fitting * each) / (3600 - 90) - 1)).toBeLessThan(0.1);
});
