// Writes docs/api: a page for each package, with what it exports, its types and its comments, from the declarations of a build.
// (typedoc needs the compiler's API, which TypeScript 7 does not have.)
// Usage: node tools/docs/api.mjs
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const packages = join(root, 'packages');
const out = join(root, 'docs/api');

/** What a file of declarations exports: name, where it is declared, and how. */
function exportsOf(file, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const next = (from) => join(dirname(file), from.replace(/\.js$/, '.d.ts'));
  const found = [];
  for (const [, list, from] of text.matchAll(/export (?:type )?\{([^}]*)\} from '([^']+)'/g)) {
    const names = list.split(',').map((each) =>
      each
        .trim()
        .replace(/^type /, '')
        .split(' as '),
    );
    for (const [name, as = name] of names.filter(([each]) => each)) {
      if (!from.startsWith('.')) found.push({ name: as, from });
      else
        found.push({ ...exportsOf(next(from), new Set(seen)).find((each) => each.name === name), name: as });
    }
  }
  for (const [, from] of text.matchAll(/export \* from '([^']+)'/g)) {
    if (from.startsWith('.')) found.push(...exportsOf(next(from), seen));
    else found.push({ name: '*', from });
  }
  const declared =
    /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\n)?(export (?:declare )?(?:abstract )?(?:(function|const|class|interface|type) (\w+))[\s\S]*?)(?=\n(?:\/\*\*|export |import |declare |\/\/#)|$(?![\s\S]))/g;
  for (const [, comment = '', text_, kind, name] of text.matchAll(declared)) {
    const same = found.find((each) => each.name === name && each.file === file);
    // an overload
    if (same) same.text += `\n${text_}`;
    else found.push({ name, kind, comment, text: text_, file });
  }
  return found;
}

/** A comment as Markdown: links of JSDoc to code, its tags to a list. */
function prose(comment) {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\* ?/, ''));
  const text = lines
    .join('\n')
    .trim()
    .replaceAll(/\{@link (\w+)[^}]*\}/g, '`$1`');
  const [about, ...tags] = text.split(/^@/m);
  const items = tags.map((tag) => {
    const [, name, rest] = /^(\w+)\s*([\s\S]*)$/.exec(tag.trim());
    const [, parameter, what] = name === 'param' ? (/^([\w.]+)\s*([\s\S]*)$/.exec(rest) ?? []) : [];
    const said = (what ?? rest).replaceAll(/\s+/g, ' ').trim();
    return `- ${parameter ? `\`${parameter}\`` : name}: ${said}`;
  });
  return [about.trim(), items.join('\n')].filter(Boolean).join('\n\n');
}

/** `<` and `{{` of text outside of code, which would be tags and expressions of Vue. */
const escaped = (text) =>
  text.replaceAll(
    /(```[\s\S]*?```|`[^`]*`)|<|\{\{/g,
    (whole, code) => code ?? (whole === '<' ? '\\<' : '{&#123;'),
  );

const kinds = [
  ['Functions', ['function', 'const']],
  ['Classes', ['class']],
  ['Types', ['interface', 'type']],
];

function pageOf(name, entries) {
  const own = entries.filter(({ file }) => file);
  const others = new Map();
  for (const { name, from, file } of entries) {
    if (!file) others.set(from, [...(others.get(from) ?? []), name]);
  }
  const parts = kinds.flatMap(([title, ofKind]) => {
    const all = own.filter(({ kind }) => ofKind.includes(kind)).sort((a, b) => (a.name < b.name ? -1 : 1));
    if (!all.length) return [];
    const sections = all.map(({ name, comment, text }) => {
      const code = text.replaceAll(/^export (declare )?|^ *(#private|private [^;]*);\n/gm, '').trim();
      return `### ${name}\n\n${escaped(prose(comment))}\n\n\`\`\`ts\n${code}\n\`\`\`\n`;
    });
    return [`## ${title}\n\n${sections.join('\n')}`];
  });
  const list = [...others].sort().map(([from, names]) => {
    const what = names.includes('*') ? 'everything' : names.map((each) => `\`${each}\``).join(', ');
    return `- ${what} of [${from}](${from.replace('@ddad/', '')}.md)`;
  });
  if (list.length) parts.push(`## From other packages\n\n${list.join('\n')}\n`);
  return `---\neditLink: false\n---\n\n# ${name}\n\nThe [README](https://github.com/ddad-js/ddad/tree/main/packages/${name.replace('@ddad/', '')}) has examples; this is every name that the package exports.\n\n${parts.join('\n')}`;
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const written = [];
for (const folder of readdirSync(packages)) {
  const { name } = JSON.parse(readFileSync(join(packages, folder, 'package.json'), 'utf8'));
  const index = join(packages, folder, 'dist/index.d.ts');
  if (!existsSync(index)) throw new Error(`${relative(root, index)} is missing: npm run build`);
  const entries = exportsOf(index);
  writeFileSync(join(out, `${folder}.md`), pageOf(name, entries));
  written.push(`${folder} ${entries.length}`);
}
console.log(`docs/api: ${written.join(', ')}`);
