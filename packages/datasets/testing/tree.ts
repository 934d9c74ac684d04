import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encodePng } from '@ddad/images';

/** A 4x3 PNG of one gray level. */
export function plainPng(value = 0): Uint8Array {
  return encodePng({ data: new Uint8Array(12).fill(value), width: 4, height: 3, channels: 1 });
}

/** Writes `files` (paths with `/`; a value of undefined is a small PNG) under a new temporary folder. */
export async function makeTree(files: Record<string, Uint8Array | string | undefined>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'ddad-tree-'));
  for (const [name, content] of Object.entries(files)) {
    const path = join(root, ...name.split('/'));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content ?? plainPng());
  }
  return root;
}

/** `{ name: undefined }` for each name. */
export function pngs(...names: string[]): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]));
}
