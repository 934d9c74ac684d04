import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { asUserError, checkOptions, interruptible, type TaskOptions, UserError } from '@ddad/detector';
import { callPip, pipDownload } from '@ddad/files';
import { type EngineStatus, listEngines } from '@ddad/nn';
import { noteFiles } from './added-files.js';
import { areSystemLibraries, librariesOf, neededLibraries, sitePackages } from './cuda-libraries.js';
import { type NvidiaDriver, nvidiaDriver } from './nvidia-driver.js';
import { type OrtFolder, ortFolder } from './ort-folder.js';
import { cudaProvider, type ProviderWheel, providerFiles, readProviderWheel } from './provider-wheel.js';
import { setLibraryPath } from './set-library-path.js';

export interface AddEngineOptions extends Pick<TaskOptions, 'onNotice' | 'signal'> {
  /** `ort-cuda` is the only one that can be added. */
  name: string;
  /** A wheel of `onnxruntime-gpu` that is there already. @default fetched by pip, in onnxruntime-node's version */
  wheel?: string;
  /** A Python whose packages bring CUDA's libraries, such as one with PyTorch. @default looked for, else fetched by pip */
  python?: string;
  /** Folder that keeps CUDA's libraries where pip fetches them. @default `$DDAD_CACHE`, else `.cache/ddad` in the home */
  cacheDir?: string;
}

export interface AddedEngine {
  /** Paths of the provider. */
  files: string[];
  /** Folders of CUDA's libraries that it was told of; none where the system's loader knows them. */
  libraries: string[];
  driver: NvidiaDriver | null;
  /** Whether it works, tried in a process of its own. */
  status: EngineStatus;
}

/**
 * Adds ONNX Runtime's CUDA provider to the installed onnxruntime-node: out of the Python wheel of the same version, which
 * comes from the registry that the user's pip knows, with CUDA's libraries of an existing Python, of the system, or of
 * NVIDIA's wheels. LD_LIBRARY_PATH is not needed. A later installation of onnxruntime-node undoes it, as `removeEngine` does.
 *
 * @throws {UserError} another platform, a driver that is too old, no pip, no or another wheel
 */
export async function addEngine(options: AddEngineOptions): Promise<AddedEngine> {
  checkOptions('addEngine', options, {
    ...{ name: true, wheel: true, python: true, cacheDir: true, onNotice: true, signal: true },
  });
  const { name, onNotice, signal } = options;
  if (name !== 'ort-cuda') {
    throw new UserError(`engine: needs ort-cuda, which alone can be added, got '${name}'`, {
      code: 'option',
    });
  }
  const place = await ortFolder();
  const driver = await nvidiaDriver();
  if (!driver) {
    onNotice?.(
      'there is no NVIDIA driver here (nvidia-smi): the engine is added, and will work where there is one',
    );
  }
  const adding = () => asUserError(() => add(place, driver, options), { code: 'engine' });
  const added = await interruptible(adding, { signal, doing: 'adding ort-cuda' });
  const [status] = await listEngines({ names: ['ort-cuda'] });
  return { ...added, driver: driver ?? null, status };
}

async function add(
  { folder, version }: OrtFolder,
  driver: NvidiaDriver | undefined,
  options: AddEngineOptions,
): Promise<Pick<AddedEngine, 'files' | 'libraries'>> {
  const wheel = options.wheel ? await readProviderWheel(options.wheel) : await fetchWheel(version, options);
  checkWheel(wheel, { version, driver });
  const libraries = await findLibraries(wheel, options);
  // beside its place until it is whole
  const work = await mkdtemp(join(folder, '.ddad-'));
  try {
    for (const { name, bytes } of wheel.files) await writeFile(join(work, name), bytes, { flush: true });
    if (libraries.length) await setLibraryPath(join(work, cudaProvider), libraries, options);
    await noteFiles(folder, providerFiles);
    for (const { name } of wheel.files) await rename(join(work, name), join(folder, name));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return { files: providerFiles.map((name) => join(folder, name)), libraries };
}

async function fetchWheel(
  version: string,
  { python, cacheDir, onNotice, signal }: AddEngineOptions,
): Promise<ProviderWheel> {
  onNotice?.(`fetching onnxruntime-gpu ${version} with pip (about 250 MB)`);
  const cache = cacheOf({ cacheDir });
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, '.onnxruntime-gpu-'));
  try {
    const [file] = await pipDownload(`onnxruntime-gpu==${version}`, folder, {
      ...{ python, signal },
      because:
        `on a machine with it, pip download --no-deps --only-binary=:all: onnxruntime-gpu==${version} fetches a file, ` +
        'which `ddad engines add ort-cuda --wheel <file>` takes here',
    });
    return await readProviderWheel(join(folder, file));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function checkWheel(
  { version: given, cuda }: ProviderWheel,
  { version, driver }: { version: string; driver: NvidiaDriver | undefined },
): void {
  if (given !== version) {
    throw new UserError(`ort-cuda: needs onnxruntime-gpu ${version}, as onnxruntime-node is, got ${given}`, {
      code: 'engine',
      remedy: `pip download --no-deps onnxruntime-gpu==${version} fetches it`,
    });
  }
  if (driver && driver.cuda < cuda) {
    throw new UserError(
      `ort-cuda: onnxruntime-gpu ${version} is built for CUDA ${cuda}, but the driver ${driver.version} of ` +
        `${driver.gpu} knows CUDA up to ${driver.cuda}`,
      {
        code: 'engine',
        remedy: `update the driver; or, for CUDA 12: ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node`,
      },
    );
  }
}

/** The folders of CUDA's libraries; none where the system's loader finds them by itself. */
async function findLibraries(
  { cuda, requirements }: ProviderWheel,
  options: AddEngineOptions,
): Promise<string[]> {
  const { python, onNotice, signal } = options;
  const needed = neededLibraries(cuda);
  if (python) {
    for (const packages of await sitePackages(python)) {
      const found = await librariesOf(packages, needed);
      if (found) return found;
    }
  }
  if (await areSystemLibraries(needed)) return [];
  const own = join(cacheOf(options), `cuda-${cuda}`);
  const there = await librariesOf(own, needed);
  if (there) return there;
  onNotice?.(`fetching CUDA ${cuda} of NVIDIA with pip (about 1.5 GB): ${requirements.join(', ')}`);
  await mkdir(own, { recursive: true });
  const flags = ['--only-binary=:all:', '--no-input', '--disable-pip-version-check', '--quiet', '--upgrade'];
  await callPip(['install', ...flags, '--target', own, ...requirements], {
    ...{ doing: `pip install --target ${own}`, python, signal },
    because: `CUDA's libraries are Python wheels; or give a Python that has PyTorch with CUDA ${cuda} (option python)`,
  });
  const fetched = await librariesOf(own, needed);
  if (fetched) return fetched;
  throw new UserError(`ort-cuda: ${own} has not all of ${needed.join(', ')}`, {
    code: 'engine',
    remedy: `give a Python that has PyTorch with CUDA ${cuda} (option python)`,
  });
}

function cacheOf({ cacheDir }: Pick<AddEngineOptions, 'cacheDir'>): string {
  return cacheDir ?? process.env.DDAD_CACHE ?? join(homedir(), '.cache', 'ddad');
}
