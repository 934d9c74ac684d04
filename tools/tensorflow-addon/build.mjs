/**
 * Builds the native addon of `@tensorflow/tfjs-node` (or `-gpu`) against the libtensorflow of an official Python
 * wheel, for when the addon's own download fails, and verifies it. Linux; docs/tensorflow.md has the rest.
 */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const usage = `usage: node build.mjs WHEEL [options]

WHEEL             a TensorFlow wheel (pip download --no-deps tensorflow-cpu), or a folder that holds an
                  unpacked one (site-packages of an environment where TensorFlow is installed)
--package NAME    @tensorflow/tfjs-node (default) or @tensorflow/tfjs-node-gpu
--project DIR     the project whose node_modules has that package (default: here)
--nodedir DIR     where include/node/node_api.h lies (default: the prefix of the node that runs this)
--nvidia DIR      the folder "nvidia" of the CUDA wheels (default: the one beside TensorFlow, if any)`;

const here = dirname(fileURLToPath(import.meta.url));

class Failure extends Error {}

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        package: { type: 'string', default: '@tensorflow/tfjs-node' },
        project: { type: 'string', default: '.' },
        nodedir: { type: 'string', default: dirname(dirname(process.execPath)) },
        nvidia: { type: 'string' },
        help: { type: 'boolean' },
      },
    });
    if (!values.help && positionals.length !== 1)
      throw new Error(`needs one WHEEL, got ${positionals.length}`);
    return { ...values, wheel: positionals[0] };
  } catch (error) {
    throw new Failure(`${error.message}\n\n${usage}`);
  }
}

function run(what, command, args, options) {
  const { error, status, signal, stdout, stderr } = spawnSync(command, args, {
    encoding: 'utf8',
    ...options,
  });
  if (error?.code === 'ENOENT') throw new Failure(`${what}: needs ${command}, which is not installed`);
  if (error) throw new Failure(`${what}: ${error.message}`);
  if (status !== 0)
    throw new Failure(`${what} failed (${signal ?? `exit ${status}`}):\n${stdout}${stderr}`.trim());
  return stdout;
}

function findPackage(name, project) {
  const require = createRequire(resolve(project, 'package.json'));
  try {
    const manifest = require.resolve(`${name}/package.json`);
    return { folder: dirname(manifest), ...JSON.parse(readFileSync(manifest, 'utf8')) };
  } catch (cause) {
    const install = `npm install --ignore-scripts ${name}@4.22.0`;
    throw new Failure(`${name} is not installed in ${resolve(project)}; run there: ${install}`, { cause });
  }
}

/** The folder of the CUDA libraries beside an unpacked TensorFlow. */
function findNvidia(wheel, given) {
  const folder = given ?? join(wheel, 'nvidia');
  if (existsSync(join(folder, 'cuda_runtime', 'lib'))) return resolve(folder);
  if (given !== undefined) throw new Failure(`--nvidia: ${given} has no cuda_runtime/lib`);
  return undefined;
}

/** Puts `deps` together under another name first: a half-copied library is never left in place. */
function layOut(wheel, nvidia, folder) {
  const staged = mkdtempSync(join(folder, 'deps-'));
  try {
    run('unpacking', 'python3', [join(here, 'lay-out.py'), wheel, staged]);
    if (nvidia) symlinkSync(nvidia, join(staged, 'nvidia'));
    chmodSync(staged, 0o755);
    rmSync(join(folder, 'deps'), { recursive: true, force: true });
    renameSync(staged, join(folder, 'deps'));
  } catch (error) {
    rmSync(staged, { recursive: true, force: true });
    throw error;
  }
}

/** The variables node-pre-gyp would set; the addon goes where the package looks for it. */
function buildAddon({ folder, binary }, nodedir) {
  const napi = Number(process.versions.napi);
  const version = Math.max(...binary.napi_versions.filter((known) => known <= napi));
  const modulePath = join(folder, 'lib', `napi-v${version}`);
  rmSync(modulePath, { recursive: true, force: true });
  mkdirSync(modulePath, { recursive: true });
  const gyp = [
    'node-gyp rebuild',
    `--nodedir="${nodedir}"`,
    `--module_name=${binary.module_name}`,
    `--module_path="${modulePath}"`,
    `--napi_version=${napi}`,
    `--napi_build_version=${version}`,
  ].join(' ');
  run('the build', 'npm', ['exec', '--call', gyp], { cwd: folder }); // npm brings node-gyp along
  rmSync(join(folder, 'build'), { recursive: true });
}

function main() {
  const { wheel, package: name, project, nodedir, nvidia, help } = readArguments();
  if (help) return console.log(usage);
  if (process.platform !== 'linux')
    throw new Failure(`needs Linux, got ${process.platform}; see docs/tensorflow.md`);
  if (!existsSync(wheel)) throw new Failure(`no such wheel: ${wheel}`);
  if (!existsSync(join(nodedir, 'include/node/node_api.h'))) {
    throw new Failure(`Node's headers are not in ${nodedir}/include/node; say where with --nodedir`);
  }
  const addon = findPackage(name, project);
  console.log(`${name} ${addon.version}: taking libtensorflow and its headers from ${wheel}`);
  layOut(resolve(wheel), findNvidia(wheel, nvidia), addon.folder);
  console.log('building the addon');
  buildAddon(addon, resolve(nodedir));
  process.stdout.write(run('the check', process.execPath, [join(here, 'verify.cjs'), addon.folder]));
}

try {
  main();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
