// What the schema of the configuration says, in the files that show it: docs/config.md, docs/config.schema.json (for
// editors) and packages/cli/src/key-texts.ts (for --help). Fails where one is stale; --write renews them. Needs a build.
// Usage: node tools/docs/config.mjs [--write]
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { configJsonSchema } from '@ddad/pipeline';

const root = fileURLToPath(new URL('../..', import.meta.url));
const schema = configJsonSchema();
const presets = schema.properties.preset.enum;
const others = presets.filter((name) => name !== schema.properties.preset.default);
const schemas = Object.fromEntries(others.map((preset) => [preset, configJsonSchema({ preset })]));

/** Keys that have a flag of their own: packages/cli/src/options.ts. */
const withFlag = [
  'preset',
  'seed',
  'engine',
  'data.kind',
  'data.root',
  'data.category',
  'data.imageSize',
  'data.skipBad',
  'training.steps',
  'features.weights',
  'scoring.threshold',
  'scoring.falseAlarmRate',
];

const at = (key, from = schema) => key.split('.').reduce((node, name) => node.properties[name], from);
const code = (value) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** What a value may be, in words. */
function values(node) {
  if (node.anyOf) return [...new Set(node.anyOf.map(values))].join(', ');
  if (node.enum) return node.enum.map(code).join(', ');
  if (node.const !== undefined) return code(node.const);
  if (node.type === 'null') return '`null`';
  if (node.type === 'string') return 'text';
  if (node.type === 'boolean') return '`true`, `false`';
  if (node.type === 'array') return node.items ? `list of: ${values(node.items)}` : 'list';
  if (node.type === 'object') return `section of ${Object.keys(node.properties).map(code).join(', ')}`;
  const bounds = [];
  if (node.minimum !== undefined) bounds.push(`>= ${node.minimum}`);
  if (node.exclusiveMinimum !== undefined) bounds.push(`> ${node.exclusiveMinimum}`);
  if (node.maximum !== undefined) bounds.push(`<= ${node.maximum}`);
  if (node.exclusiveMaximum !== undefined) bounds.push(`< ${node.exclusiveMaximum}`);
  return [node.type === 'integer' ? 'whole number' : 'number', bounds.join(' and ')]
    .filter(Boolean)
    .join(' ');
}

/** Where other presets have another default. */
function elsewhere(key) {
  const groups = new Map();
  for (const preset of others) {
    const value = JSON.stringify(at(key, schemas[preset]).default);
    if (key === 'preset' || value === JSON.stringify(at(key).default)) continue;
    groups.set(value, [...(groups.get(value) ?? []), preset]);
  }
  return [...groups].map(([value, names]) => `${code(JSON.parse(value))} in ${names.join(', ')}`).join('; ');
}

function table(prefix, properties) {
  const rows = Object.entries(properties)
    .filter(([, node]) => !node.properties)
    .map(([name, node]) => [
      `\`${name}\``,
      values(node),
      node.default === undefined ? '' : code(node.default),
      elsewhere(prefix + name),
      node.description,
    ]);
  const lines = [['key', 'value', presets[0], 'other presets', 'what'], Array(5).fill('---'), ...rows];
  return lines
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');
}

function sections(prefix, properties) {
  return Object.entries(properties)
    .filter(([, node]) => node.properties)
    .flatMap(([name, node]) => [
      `## ${prefix}${name}\n\n${node.description}\n\n${table(`${prefix}${name}.`, node.properties)}`,
      ...sections(`${prefix}${name}.`, node.properties),
    ]);
}

const page = `<!-- Written by tools/docs/config.mjs from the schema (packages/detector/src/config.ts); the texts are mended there. -->

# Configuration

A file given with \`--config\`, an object given to \`loadConfig\`, and \`--set model.w=4\` have the keys below. None is required
but \`data.root\` and, for most kinds, \`data.category\`: the preset gives the rest. For the categories of MVTec AD and VisA
the presets \`ddad\`, \`ddad-s\` and \`reference\` take the published \`model.w\`, \`model.v\`, \`training.epochs\` and \`adaptation\` of each; the
tables show what they give to any other. An unknown key is an error. \`ddad train --config file.yaml --dry-run\` prints what a
file comes to. The DDAD reference's own \`config.yaml\` loads too.

What belongs to the machine and not to the detector is in the environment. \`DDAD_CACHE\`: the folder for weights, unpacked archives
and graphs, else \`.cache/ddad\` in your home. \`DDAD_GRAPHS\`: another folder for the graphs of trainings alone, or \`off\`. Kept as ONNX
Runtime optimised them (256 MiB at most, no values of weights in them), they spare the next run two to three fifths of the wait before
its first step ([why](decisions/0022-time-before-the-first-step.md)), and change no number.

Editors complete and check a file that begins with this line (VS Code with the YAML extension, Neovim, JetBrains and others):

\`\`\`yaml
# yaml-language-server: $schema=https://raw.githubusercontent.com/ddad-js/ddad/main/docs/config.schema.json
\`\`\`

\`configJsonSchema()\` of \`@ddad/pipeline\` gives the schema of the version that is installed.

${table('', schema.properties)}

${sections('', schema.properties).join('\n\n')}
`;

const texts = Object.fromEntries(
  withFlag.map((key) => {
    const { description: text, enum: values, default: initial } = at(key);
    return [key, values ? { text, values, initial } : { text }];
  }),
);

/** `text` as biome formats a file of that name. */
function formatted(name, text) {
  const biome = `${root}node_modules/@biomejs/biome/bin/biome`;
  return execFileSync(process.execPath, [biome, 'format', `--stdin-file-path=${name}`], {
    cwd: root,
    input: text,
    encoding: 'utf8',
  });
}

const files = {
  'docs/config.md': page,
  'docs/config.schema.json': formatted('docs/config.schema.json', JSON.stringify(schema)),
  'packages/cli/src/key-texts.ts': formatted(
    'packages/cli/src/key-texts.ts',
    `// Written by tools/docs/config.mjs from the schema of the configuration; the texts are mended there.

export interface KeyText {
  text: string;
  /** What the key may be. */
  values?: readonly string[];
  /** Which of them it is by default. */
  initial?: string;
}

/** The keys that have a flag of their own. */
export const keyTexts = ${JSON.stringify(texts)} satisfies Record<string, KeyText>;
`,
  ),
};

let stale = 0;
for (const [name, text] of Object.entries(files)) {
  const path = root + name;
  if (process.argv.includes('--write')) {
    writeFileSync(path, text);
  } else if (readText(path) !== text) {
    stale++;
    console.error(`${name} is stale: node tools/docs/config.mjs --write`);
  }
}
console.log(`Configuration: ${Object.keys(files).length} files, ${stale} stale`);
process.exitCode = stale ? 1 : 0;

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}
