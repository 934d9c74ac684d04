// Packs every package as npm would publish it, installs each alone in an empty project and runs its README's ```js
// blocks there. Of @ddad/metrics it also checks that nothing else is installed and that it is below 10 kB.
// Usage, after a build: node tools/ci/install-packed.mjs [name...]      needs the npm registry
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'ddad-packed-'));
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 600_000 });
const npm = (args, cwd) => run('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], cwd);

const packages = new Map(
  readdirSync(join(root, 'packages')).map((name) => {
    const folder = join(root, 'packages', name);
    return [JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name, { folder }];
  }),
);
for (const each of packages.values()) {
  const [packed] = JSON.parse(npm(['pack', '--json', '--pack-destination', work], each.folder));
  each.file = join(work, packed.filename);
  each.manifest = JSON.parse(run('tar', ['-xzOf', each.file, 'package/package.json']));
}

/** The package and those of this repository that it needs. */
function closure(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const { dependencies = {}, peerDependencies = {} } = packages.get(name).manifest;
  for (const needed of Object.keys({ ...dependencies, ...peerDependencies })) {
    if (packages.has(needed)) closure(needed, found);
  }
  return found;
}

/** What the README says to install beside the package itself. */
function namedInReadme(readme) {
  const [, line = ''] = readme.match(/^npm install (.*)$/m) ?? [];
  return line.split(/\s+/).filter((word) => word && !word.startsWith('-') && !packages.has(word));
}

async function check(name) {
  const folder = join(work, name.replace('/', '+'));
  mkdirSync(folder);
  const needed = [...closure(name)];
  const dependencies = Object.fromEntries(needed.map((each) => [each, `file:${packages.get(each).file}`]));
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies }),
  );
  const readme = readFileSync(join(packages.get(name).folder, 'README.md'), 'utf8');
  npm(['install', '--ignore-scripts', '--prefer-offline', ...namedInReadme(readme)], folder);
  const blocks = [...readme.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map((match) => match[1]);
  for (const [i, code] of blocks.entries()) {
    writeFileSync(join(folder, `readme-${i}.mjs`), code);
    run(process.execPath, [`readme-${i}.mjs`], folder);
  }
  let note = `${blocks.length} README block${blocks.length === 1 ? '' : 's'}`;
  if (blocks.length === 0) run(process.execPath, ['-e', `await import(${JSON.stringify(name)})`], folder);
  if (name === '@ddad/metrics') note += `, ${await checkMetrics(folder)}`;
  rmSync(folder, { recursive: true });
  return note;
}

async function checkMetrics(folder) {
  const installed = readdirSync(join(folder, 'node_modules')).filter((entry) => !entry.startsWith('.'));
  if (installed.join() !== '@ddad') throw new Error(`needs no dependency, installed ${installed.join(', ')}`);
  const { outputFiles } = await build({
    stdin: { contents: "export * from '@ddad/metrics'", resolveDir: folder },
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
  });
  const bytes = gzipSync(outputFiles[0].contents, { level: 9 }).length;
  if (bytes >= 10_000) throw new Error(`needs less than 10 kB minified and gzipped, got ${bytes} bytes`);
  return `no dependency, ${bytes} bytes minified and gzipped`;
}

let failed = 0;
for (const name of process.argv.length > 2 ? process.argv.slice(2) : packages.keys()) {
  const start = performance.now();
  try {
    const note = await check(name);
    console.log(`ok      ${name}: ${note} (${((performance.now() - start) / 1000).toFixed(0)} s)`);
  } catch (error) {
    failed++;
    console.log(`FAILED  ${name}: ${error.stderr || error.stdout || ''}${error.message}`);
  }
}
rmSync(work, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
