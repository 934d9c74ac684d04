import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The sources of every package but tests, with texts that are parted over lines joined, in one string. */
export function sourceText(root: string): string {
  const packages = join(root, 'packages');
  return readdirSync(packages)
    .flatMap((name) => {
      const folder = join(packages, name, 'src');
      return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file));
    })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .map((path) => readFileSync(path, 'utf8').replaceAll(/['`] \+\s*\n\s*['`]/g, ''))
    .join('\n');
}

/** The names that a package, or a part of one, exports, read from its source. */
export function exportsOf(root: string, name: string): Set<string> {
  const [, scope, short, part] = /^(@ddad\/)?([\w-]+)(?:\/([\w-]+))?$/.exec(name) ?? [];
  const src = join(root, 'packages', short, 'src');
  const file = [`${part ?? 'index'}.ts`, `${part}/index.ts`].map((each) => join(src, each)).find(existsSync);
  if (!file || (scope && short === 'ddad')) return new Set();
  const text = readFileSync(file, 'utf8');
  const names = new Set<string>();
  for (const [, list] of text.matchAll(/export (?:type )?\{([^}]*)\}/g)) {
    for (const each of list.split(',')) names.add(each.trim().replace(/^type |^.* as /g, ''));
  }
  for (const [, each] of text.matchAll(/export (?:async )?(?:function|const|class|interface|type) (\w+)/g)) {
    names.add(each);
  }
  for (const [, from] of text.matchAll(/export \* from '([^']+)'/g)) {
    if (!from.startsWith('.')) for (const each of exportsOf(root, from)) names.add(each);
  }
  return names;
}
