// The tests of the engine, the layers and the networks on another onnxruntime-node than the one that is pinned: whether a new
// version can be taken (docs/decisions/0026). In a copy of the last commit; needs the npm registry and some minutes.
// Usage: node tools/ci/newest-onnxruntime.mjs [--keep] [version or tag]      @default latest
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const keep = process.argv.includes('--keep');
const asked = process.argv.slice(2).find((each) => each !== '--keep') ?? 'latest';
const packages = ['tfjs-backend-ort', '@ddad/nn', '@ddad/diffusion', '@ddad/features'];

const version = execFileSync('npm', ['view', `onnxruntime-node@${asked}`, 'version', '--json'], {
  encoding: 'utf8',
})
  .match(/\d+\.\d+\.\d+[^"\s]*/g)
  ?.at(-1);
if (!version) throw new Error(`newest-onnxruntime: the registry knows no onnxruntime-node ${asked}`);

const copy = mkdtempSync(join(tmpdir(), 'ddad-onnxruntime-'));
const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
const run = (command, ...args) => {
  const { status } = spawnSync(command, args, { cwd: copy, env, stdio: 'inherit' });
  if (status !== 0) throw new Error(`newest-onnxruntime: ${command} ${args.join(' ')} ended with ${status}`);
};
try {
  execFileSync('git', ['clone', '--quiet', root, copy]);
  const file = join(copy, 'packages/tfjs-backend-ort/package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const pinned = manifest.optionalDependencies['onnxruntime-node'];
  console.log(`onnxruntime-node ${version}; pinned is ${pinned}`);
  manifest.optionalDependencies['onnxruntime-node'] = version;
  writeFileSync(file, `${JSON.stringify(manifest, null, 2)}\n`);
  run('npm', 'install', '--no-audit', '--no-fund');
  const filters = packages.map((name) => `--filter=${name}`);
  run('npx', 'turbo', 'run', 'test', ...filters, '--continue', '--output-logs=errors-only');
  console.log(`onnxruntime-node ${version}: all tests of ${packages.join(', ')} passed`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  if (keep) console.log(copy);
  else rmSync(copy, { recursive: true });
}
