// Runs every ```js block of every README and of the docs, but the guide's (guide.mjs does it all), in an empty directory that can
// resolve the workspace's packages.
// Usage: node tools/ci/run-readmes.mjs [page...]
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const given = process.argv.slice(2);
const readmes = given.length
  ? given
  : [
      ...[root, ...readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name))]
        .map((folder) => join(folder, 'README.md'))
        .filter((path) => existsSync(path)),
      ...readdirSync(join(root, 'docs'))
        .filter((name) => name.endsWith('.md') && name !== 'guide.md')
        .map((name) => join(root, 'docs', name)),
    ];

let failed = 0;
let passed = 0;
for (const path of readmes) {
  const text = await readFile(path, 'utf8');
  const blocks = [...text.matchAll(/^```js\n([\s\S]*?)^```$/gm)].map((match) => match[1]);
  for (const [i, code] of blocks.entries()) {
    const folder = await mkdtemp(join(tmpdir(), 'readme-'));
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
    await writeFile(join(folder, 'example.mjs'), code);
    const run = spawnSync(process.execPath, ['example.mjs'], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 300_000,
    });
    const name = `${relative(root, path)} block ${i + 1}`;
    if (run.status === 0) {
      passed++;
      console.log(`ok      ${name}`);
    } else {
      failed++;
      console.log(`FAILED  ${name}\n${run.stdout}${run.stderr}`);
    }
    await rm(folder, { recursive: true, force: true });
  }
}
console.log(`README examples: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
