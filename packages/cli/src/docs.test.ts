import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ConfigInput, configJsonSchema, loadConfig } from '@ddad/pipeline';
import { type Command, CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { anchors, codeBlocks, codeSpans, links, shellCommands, shellWords } from '../testing/markdown.js';
import { exportsOf, sourceText } from '../testing/sources.js';
import { asCommandLine } from './as-command-line.js';
import { createProgram } from './program.js';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const below = (folder: string) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'tools/README.md'],
  ...[...below('docs'), ...below('docs/decisions')].filter((path) => path.endsWith('.md')),
  ...[...below('packages'), ...below('examples')].map((folder) => `${folder}/README.md`),
]
  .filter((path) => existsSync(join(root, path)))
  .map((path) => ({ path, text: read(path) }));

/** What `wrong` finds on each page, as `page: finding`. */
const faults = (wrong: (page: { path: string; text: string }) => string[]) =>
  pages.flatMap((page) => wrong(page).map((fault) => `${page.path}: ${fault}`));

/** Commands that a shell would be given on the page, in blocks. */
const typed = (text: string) =>
  codeBlocks(text)
    .filter(({ language }) => ['', 'sh', 'ini'].includes(language))
    .flatMap((block) => shellCommands(block.text));

/** The words after `ddad` of a command line; undefined where it is another's. */
function ddadWords(line: string): string[] | undefined {
  const [, rest] = /^(?:\w+=\S+ |ExecStart=\S*)*(?:npx )?ddad(?: ([\s\S]*))?$/.exec(line) ?? [];
  return rest === undefined ? undefined : shellWords(rest);
}

function quiet(): Command {
  const program = createProgram();
  const visit = (command: Command) => {
    command.configureOutput({ writeOut() {}, writeErr() {}, outputError() {} }).action(() => {});
    command.commands.forEach(visit);
  };
  for (const command of program.commands) visit(command);
  return program.configureOutput({ writeOut() {}, writeErr() {}, outputError() {} });
}

async function refusal(words: string[]): Promise<string | undefined> {
  try {
    await quiet().parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) return error.message;
  }
  return undefined;
}

test('every command line in a block is one that the program takes', async () => {
  const lines = pages.flatMap(({ path, text }) => typed(text).map((line) => ({ path, line })));
  const ours = lines.flatMap(({ path, line }) => {
    const words = ddadWords(line);
    return words ? [{ path, line, words }] : [];
  });
  expect(ours.length).toBeGreaterThan(30);
  const refused: string[] = [];
  for (const { path, line, words } of ours) {
    const message = await refusal(words);
    if (message) refused.push(`${path}: ${line}: ${message}`);
  }
  expect(refused).toEqual([]);
  expect(await refusal(['detect', '--chekpoint', 'x', 'y'])).toContain("unknown option '--chekpoint'");
});

const program = createProgram();
const find = (from: Command, name: string) => from.commands.find((command) => command.name() === name);
const flagsOf = (command: Command): string[] => command.options.flatMap(({ long, short }) => [long!, short!]);
const every = (command: Command): Command[] => [command, ...command.commands.flatMap(every)];
const allFlags = new Set([...every(program).flatMap(flagsOf), '--help']);

/** Flags of other programs that the running text names. */
const foreign = new Set([
  ...['--banner:js', '--nodedir', '--project', '--checkpoints', '--pasted', '--ignore-scripts'],
  ...['--train', '--domain_adaptation', '--eval', '--detection'], // of the DDAD reference
]);

/** What is wrong with a piece of code that names a command, an option or both. */
function wrongSpan(span: string): string[] {
  const named = ddadWords(span) ?? (/^[a-z]+ --/.test(span) ? span.split(' ') : undefined);
  const flags = [...span.matchAll(/(?:^| )(--[a-z][\w:-]*)/g)].map(([, flag]) => flag);
  if (!named) {
    const known = span.startsWith('--') ? flags.slice(0, 1) : [];
    return known.filter((flag) => !allFlags.has(flag) && !foreign.has(flag));
  }
  let command = program;
  for (const word of named) {
    const next = find(command, word);
    if (!next) {
      // an option, an argument or a placeholder ends the name
      if (command === program && /^[a-z]/.test(word)) return [`there is no command ${word} (${span})`];
      break;
    }
    command = next;
  }
  if (command === program) return [];
  const known = new Set([...flagsOf(command), '--help']);
  return flags.filter((flag) => !known.has(flag)).map((flag) => `${command.name()} has no ${flag}`);
}

test('every command and option in the running text exists', () => {
  const named = faults(({ text }) =>
    codeSpans(text)
      .filter((span) => !/^(npm|npx|node|pip|python|sbatch|esbuild) (?!ddad)/.test(span))
      .flatMap(wrongSpan),
  );
  expect(named).toEqual([]);
  expect(wrongSpan('ddad detcet')).toHaveLength(1);
  expect(wrongSpan('run --collect')).toHaveLength(1);
  expect(wrongSpan('--colect')).toHaveLength(1);
});

interface Node {
  properties?: Record<string, Node>;
}
const schema = configJsonSchema() as Node;
const keysBelow = ({ properties = {} }: Node, before = ''): string[] =>
  Object.entries(properties).flatMap(([name, node]) =>
    node.properties ? keysBelow(node, `${before}${name}.`) : [`${before}${name}`],
  );
const keys = keysBelow(schema);
const sections = new Set(
  keys.flatMap((key) => key.split('.').map((_, i, all) => all.slice(0, i + 1).join('.'))),
);
const isSection = (name: string) => schema.properties![name]?.properties !== undefined;

/** Names that begin like a key and are something else: files, and what `detector.json` and `--json` hold. */
const notKeys = /\.(onnx|safetensors|csv|pth|json)$|^features\.pretrained$|^checkpoint\.save$/;

/** The key of the configuration that a piece of code names, and the value where it has one. */
function keyIn(span: string): { key: string; value?: string } | undefined {
  const [, key, value] = /^(\w+(?:\.\w+)+)(?:(?:: |=)(.+))?$/.exec(span) ?? [];
  return key && isSection(key.split('.')[0]) && !notKeys.test(key) ? { key, value } : undefined;
}

const data = { kind: 'folder', root: join(root, 'docs') } as const;

/** Why a configuration is refused; undefined where it is taken. */
function refusalOf(config: ConfigInput, overrides: string[] = []): string | undefined {
  try {
    loadConfig(config, { overrides });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

test('every key of the configuration that the docs name exists, and takes the value beside it', () => {
  let named = 0;
  const wrong = faults(({ text }) =>
    codeSpans(text).flatMap((span) => {
      const { key, value } = keyIn(span) ?? {};
      if (!key) return [];
      named++;
      if (!sections.has(key)) return [`no key ${key}`];
      if (value === undefined) return [];
      // what goes with a memory does not with the paper's method, and the other way round
      const refused = (['auto', 'small'] as const).map((preset) =>
        refusalOf({ data, preset }, [`${key}=${value}`]),
      );
      return refused.every((each) => each) ? [`${span}: ${refused[0]}`] : [];
    }),
  );
  expect(wrong).toEqual([]);
  expect(named).toBeGreaterThan(50);
});

test('every --set and every YAML of a configuration in a block is taken', () => {
  const wrong = faults(({ text }) => [
    ...typed(text).flatMap((line) =>
      [...line.matchAll(/--set (\S+?)=/g)].map(([, key]) => key).filter((key) => !sections.has(key)),
    ),
    ...codeBlocks(text).flatMap(({ language, text: yaml }) => {
      if (language !== 'yaml') return [];
      const input = parse(yaml) ?? {};
      if (!Object.keys(input).every((key) => key in schema.properties!)) return [];
      return refusalOf({ ...input, data: { ...input.data, ...data } }) ?? [];
    }),
  ]);
  expect(wrong).toEqual([]);
});

test('docs/config.md has a row for every key of the schema', () => {
  let section = '';
  const rows = read('docs/config.md')
    .split('\n')
    .flatMap((line) => {
      section = /^## (.*)$/.exec(line)?.[1] ?? section;
      const [, name] = /^\| `(\w+)` \|/.exec(line) ?? [];
      return name ? [section ? `${section}.${name}` : name] : [];
    });
  expect(rows.toSorted()).toEqual(keys.toSorted());
});

test('docs/errors.md has every code of an error, and no other', () => {
  const codesIn = (path: string, type: string) => {
    const [, union] = new RegExp(`type ${type} =([\\s\\S]*?);`).exec(read(path))!;
    return [...union.matchAll(/^ *\| '([\w-]+)'/gm)].map(([, code]) => code);
  };
  const tables = read('docs/errors.md').split(/^## /m);
  const rowsOf = (title: string) => {
    const text = tables.find((part) => part.startsWith(title))!;
    return [...text.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, code]) => code);
  };
  expect(rowsOf('Codes in a program')).toEqual(codesIn('packages/detector/src/errors.ts', 'ErrorCode'));
  expect(rowsOf('Codes of the service')).toEqual(
    codesIn('packages/serve/src/service-error.ts', 'ServiceErrorCode'),
  );
});

test('every message that the docs quote is one of the program', () => {
  const text = sourceText(root);
  const said = `${text}\n${asCommandLine(text)}`;
  const missing = (span: string) =>
    span
      .replace(/^ddad: /, '')
      .split(/…|: /)
      .map((part) => part.trim())
      .filter((part) => !said.includes(part));
  const quoted = pages.flatMap((page) => codeSpans(page.text).filter((span) => span.startsWith('ddad: ')));
  expect(quoted.length).toBeGreaterThan(5);
  expect(quoted.flatMap(missing)).toEqual([]);
  expect(missing('ddad: there is no such message')).toHaveLength(1);
});

test('what the docs import or call of a package is exported', () => {
  const known = new Map<string, Set<string>>();
  const isExported = (name: string, from: string) => {
    if (!known.has(from)) known.set(from, exportsOf(root, from));
    return known.get(from)!.has(name);
  };
  const ours = /^(ddad|@ddad\/[\w/-]+|tfjs-backend-ort)$/;
  const wrong = faults(({ text }) => {
    const imported = codeBlocks(text).flatMap(({ text: code }) =>
      [...code.matchAll(/import (?:type )?\{([^}]*)\} from '([^']+)'/g)].flatMap(([, names, from]) =>
        names.split(',').map((name) => ({ from, name: name.trim().replace(/^type | as .*$/g, '') })),
      ),
    );
    const told = [
      ...text.matchAll(/((?:`\w+(?:\([^`]*\))?`(?:,\s|\sand\s)?)+)\sof\s+`(@ddad\/[\w/-]+)`/g),
    ].flatMap(([, names, from]) =>
      [...names.matchAll(/`(\w+)(?:\([^`]*\))?`/g)].map(([, name]) => ({ from, name })),
    );
    return [...imported, ...told]
      .filter(({ from, name }) => name && ours.test(from) && !isExported(name, from))
      .map(({ from, name }) => `${from} exports no ${name}`);
  });
  expect(wrong).toEqual([]);
});

test('every link leads to a file that is there, and to a heading of it', () => {
  const wrong = faults(({ path, text }) =>
    links(text).flatMap((link) => {
      const target = link.replace(/^https:\/\/github\.com\/ddad-js\/ddad\/(blob|tree)\/main\//, '/');
      if (/^[a-z]+:/.test(target)) return [];
      const [place, anchor] = target.split('#');
      const file = place.startsWith('/')
        ? join(root, place)
        : resolve(root, dirname(path), place || relative(dirname(path), path));
      if (!existsSync(file)) return [`there is no ${link}`];
      if (!anchor || !file.endsWith('.md')) return [];
      return anchors(readFileSync(file, 'utf8')).includes(anchor) ? [] : [`no heading for ${link}`];
    }),
  );
  expect(wrong).toEqual([]);
});

test('every page is in the sidebar of the site', () => {
  const sidebar = read('docs/.vitepress/config.mjs');
  const names = below('docs').flatMap((path) => /^docs\/(.*)\.md$/.exec(path)?.[1] ?? []);
  expect(names.filter((name) => name !== 'index' && !sidebar.includes(`, '${name}')`))).toEqual([]);
});

test('every script and npm script that the docs name exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const wrong = faults(({ path, text }) =>
    [...typed(text), ...codeSpans(text)].flatMap((line) => [
      ...[...line.matchAll(/\bnpm run ([\w:-]+)(?! (?:-w|--workspace))/g)]
        .map(([, name]) => name)
        .filter((name) => !/ (-w|--workspace|--prefix) /.test(line) && !(name in scripts)),
      ...[...line.matchAll(/(?:^|\s)((?:tools|bench|examples|packages|docs|fixtures)\/[\w./-]*\w)/g)]
        .map(([, name]) => name)
        .filter((name) => /\.(mjs|js|ts|py|sh|md|json)$/.test(name))
        .filter((name) => ![root, join(root, dirname(path))].some((from) => existsSync(join(from, name)))),
    ]),
  );
  expect(wrong).toEqual([]);
});
