import { DEFECTS } from './defects.js';
import { cap, gear } from './objects.js';
import type { Category } from './scene.js';
import { tiles, weave } from './textures.js';

export const CATEGORIES: Record<string, Category> = { weave, tiles, gear, cap };

/** Names of the synthetic categories: two textures (`weave`, `tiles`) and two objects (`gear`, `cap`). */
export const syntheticCategories: readonly string[] = Object.keys(CATEGORIES);

/** Names of the synthetic defects; every category has all of them. `missing` is material that is gone. */
export const syntheticDefects: readonly string[] = [...Object.keys(DEFECTS), 'missing'];
