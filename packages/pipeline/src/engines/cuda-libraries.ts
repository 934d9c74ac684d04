import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The libraries that the provider loads, but the driver's own. */
export function neededLibraries(cuda: number): string[] {
  return [
    ...['libcudart', 'libcublas', 'libcublasLt'].map((name) => `${name}.so.${cuda}`),
    'libcurand.so.10',
    'libcudnn.so.9',
  ];
}

/** Whether the system's loader finds all of them by itself. */
export async function areSystemLibraries(names: readonly string[]): Promise<boolean> {
  for (const ldconfig of ['ldconfig', '/sbin/ldconfig', '/usr/sbin/ldconfig']) {
    try {
      const { stdout } = await execute(ldconfig, ['-p']);
      return names.every((name) => stdout.includes(`\t${name} `));
    } catch {
      // the next place
    }
  }
  return false;
}

/** Where a Python keeps packages. */
export async function sitePackages(python: string): Promise<string[]> {
  const script =
    'import json, site, sysconfig; print(json.dumps([sysconfig.get_paths()["platlib"], *site.getsitepackages()]))';
  const { stdout } = await execute(python, ['-c', script]);
  return [...new Set(JSON.parse(stdout) as string[])];
}

/** The folders below a folder of Python packages that hold the libraries; undefined where one is missing. */
export async function librariesOf(packages: string, names: readonly string[]): Promise<string[] | undefined> {
  const found = new Set<string>();
  const wanted = new Set(names);
  for (const project of await foldersIn(join(packages, 'nvidia'))) {
    const folder = join(packages, 'nvidia', project, 'lib');
    for (const file of await filesIn(folder)) if (wanted.delete(file)) found.add(folder);
  }
  return wanted.size === 0 ? [...found] : undefined;
}

async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(unlessMissing<never>);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function filesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(unlessMissing<string>);
}

function unlessMissing<T>(error: NodeJS.ErrnoException): T[] {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
  throw error;
}
