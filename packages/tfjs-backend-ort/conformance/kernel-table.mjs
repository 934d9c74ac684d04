// Checks that the table of kernels in the package's README is what the registry holds; --write puts it there.
// Usage: node conformance/kernel-table.mjs [--write]
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { build } from 'esbuild';

const { values: options } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const BEGIN = '<!-- kernels: made by conformance/kernel-table.mjs -->';
const END = '<!-- end of kernels -->';
const root = join(import.meta.dirname, '..');

async function registry() {
  const outfile = join(root, `node_modules/.cache/kernels-${process.pid}.mjs`);
  await build({
    entryPoints: [join(root, 'src/kernels/index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(outfile);
  }
}

const { kernelGroups, kernels, complexKernels } = await registry();
const onCpu = tf
  .getKernelsForBackend('cpu')
  .map(({ kernelName }) => kernelName)
  .filter((name) => !kernels[name] && !complexKernels[name]);
const list = (names) =>
  names
    .sort()
    .map((name) => `\`${name}\`${complexKernels[name] ? '\\*' : ''}`)
    .join(' ');
const complexOnly = Object.keys(complexKernels).filter((name) => !kernels[name]);
const rows = [
  ...Object.entries(kernelGroups).map(([kind, group]) => [kind, list(Object.keys(group))]),
  ['complex64 only', list(complexOnly)],
  ["on tfjs's `cpu`, by fallback", list(onCpu)],
];
const count = new Set([...Object.keys(kernels), ...Object.keys(complexKernels)]).size;
const table = [
  BEGIN,
  '',
  `${count} kernels run in ONNX Runtime; \\* marks those that take complex64 too.`,
  '',
  '| | |',
  '| --- | --- |',
  ...rows.map(([kind, names]) => `| ${kind} | ${names} |`),
  '',
  END,
].join('\n');

const path = join(root, 'README.md');
const readme = await readFile(path, 'utf8');
const [from, to] = [readme.indexOf(BEGIN), readme.indexOf(END)];
if (from < 0 || to < from) throw new Error(`README.md needs the lines "${BEGIN}" and "${END}"`);
const current = readme.slice(0, from) + table + readme.slice(to + END.length);
if (options.write) await writeFile(path, current);
else if (current !== readme) {
  console.error("README.md's table of kernels is out of date: node conformance/kernel-table.mjs --write");
  process.exit(1);
}
console.log(`${count} kernels in ONNX Runtime, ${onCpu.length} on tfjs's cpu: README.md is current`);
