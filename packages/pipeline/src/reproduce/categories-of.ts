import { join, resolve } from 'node:path';
import { recognizeKind } from '@ddad/datasets';
import { asUserError, UserError } from '@ddad/detector';
import type { Config } from '../config/schema.js';
import { publishedCategories } from '../published/published-results.js';

/**
 * The categories of a data set on disk: those of the published table in its order, then others by name.
 *
 * @throws {UserError} there is no such folder, or it is laid out as something else
 */
export async function categoriesOf({ kind, root }: Pick<Config['data'], 'kind' | 'root'>): Promise<string[]> {
  const found = await asUserError(() => recognizeKind(root), { code: 'data' });
  const isKind = found.kind === kind || (kind === 'mpdd' && found.kind === 'mvtec');
  if (!isKind || !found.categories.length || found.root !== resolve(root)) {
    const instead = found.root === resolve(root) ? '' : `, the category ${found.category}`;
    throw new UserError(
      `${root} has no categories of kind ${kind}: it looks like kind ${found.kind}${instead}`,
      {
        code: 'data',
        remedy: instead
          ? `give data.root as ${join(root, '..')}`
          : 'give the option categories, or another kind',
      },
    );
  }
  const inOrder = publishedCategories(kind).filter((name) => found.categories.includes(name));
  return [...inOrder, ...found.categories.filter((name) => !inOrder.includes(name))];
}
