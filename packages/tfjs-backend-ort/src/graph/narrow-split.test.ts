import { expect, it } from 'vitest';
import { narrowSplit } from './narrow-split.js';

/** What each output holds of a source of consecutive numbers, by running the nodes. */
function run(count: number, width: number): { found: number[][]; widest: number } {
  const sizes = Array.from({ length: count }, (_, i) => (i % 4) + 1);
  const outputs = sizes.map((_, i) => `v${i}`);
  const node = { opType: 'Split', domain: '', inputs: ['x', 's'], outputs, attributes: { axis: 0 } };
  const { nodes, initializers } = narrowSplit(node, sizes, width);
  const total = sizes.reduce((a, b) => a + b, 0);
  const values = new Map([['x', Array.from({ length: total }, (_, i) => i)]]);
  const tables = new Map(
    initializers.map(({ name, raw }) => [name, new BigInt64Array((raw as Uint8Array<ArrayBuffer>).buffer)]),
  );
  for (const { inputs, outputs: names } of nodes) {
    let at = 0;
    names.forEach((name, i) => {
      const size = Number(tables.get(inputs[1])![i]);
      values.set(name, values.get(inputs[0])!.slice(at, at + size));
      at += size;
    });
    expect(at).toBe(values.get(inputs[0])!.length);
  }
  return {
    found: outputs.map((name) => values.get(name)!),
    widest: Math.max(...nodes.map((n) => n.outputs.length)),
  };
}

it.each([
  [8, 7],
  [49, 7],
  [50, 7],
  [92, 7],
  [5, 2],
])('%i parts in nodes of %i outputs', (count, width) => {
  const { found, widest } = run(count, width);
  expect(widest).toBeLessThanOrEqual(width);
  expect(found.map((part) => part.length)).toEqual(Array.from({ length: count }, (_, i) => (i % 4) + 1));
  expect(found.flat()).toEqual(Array.from({ length: found.flat().length }, (_, i) => i));
});
