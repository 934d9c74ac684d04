import { board } from './board.js';
import { cap } from './cap.js';
import type { Category } from './category.js';
import { gear } from './gear.js';
import { LARGE_DEFECTS } from './large/large-defects.js';
import { leather } from './leather.js';
import { MARKS } from './marks/marks.js';
import { screw } from './screw.js';
import { tiles } from './tiles.js';
import { weave } from './weave.js';
import { wood } from './wood.js';

export const CATEGORIES: Record<string, Category> = {
  weave,
  tiles,
  gear,
  cap,
  wood,
  leather,
  screw,
  board,
};

/** Names of the synthetic categories: four textures and four objects. */
export const syntheticCategories: readonly string[] = Object.keys(CATEGORIES);

/**
 * Names of the defects of each synthetic category, in the order in which they take turns. `missing` is material or
 * a part that is gone.
 */
export const syntheticDefects: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  Object.entries(CATEGORIES).map(([name, { changes }]) => [
    name,
    changes ? [...Object.keys(MARKS), ...changes] : [...Object.keys(LARGE_DEFECTS), 'missing'],
  ]),
);
