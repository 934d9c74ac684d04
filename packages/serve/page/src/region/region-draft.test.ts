import { expect, test } from 'vitest';
import { RegionDraft } from './region-draft.js';

const empty = { include: [], ignore: [] };

test('rectangles in any direction and polygons are areas of the chosen kind', () => {
  let changes = 0;
  const draft = new RegionDraft(empty, () => changes++);
  draft.addRectangle([0.8, 0.9], [0.2, 0.1]);
  draft.setKind('ignore');
  for (const corner of [
    [0.1, 0.1],
    [0.2, 0.1],
    [0.2, 0.3],
  ] as const)
    draft.addCorner([...corner]);
  draft.close();
  expect(draft.polygons).toEqual({
    include: [
      [
        [0.2, 0.1],
        [0.8, 0.1],
        [0.8, 0.9],
        [0.2, 0.9],
      ],
    ],
    ignore: [
      [
        [0.1, 0.1],
        [0.2, 0.1],
        [0.2, 0.3],
      ],
    ],
  });
  expect(changes).toBe(6);
  draft.remove(0);
  expect(draft.polygons.include).toEqual([]);
});

test('what has no area is none, and what is drawn beyond the picture ends at its edge', () => {
  const draft = new RegionDraft(empty, () => undefined);
  draft.addRectangle([0.5, 0.5], [0.501, 0.9]);
  draft.addCorner([0.1, 0.1]);
  draft.addCorner([0.2, 0.2]);
  draft.close();
  expect(draft.polygons).toEqual(empty);
  draft.addRectangle([-0.5, -0.2], [1.5, 0.4]);
  expect(draft.polygons.include).toEqual([
    [
      [0, 0],
      [1, 0],
      [1, 0.4],
      [0, 0.4],
    ],
  ]);
});
