import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '@ddad/detector';
import { expect, test } from 'vitest';
import { checkWritable, writeAtomic } from './write-atomic.js';

const folder = () => mkdtempSync(join(tmpdir(), 'ddad-write-'));

test('writes, replaces, makes folders and leaves no temporary file', async () => {
  const dir = folder();
  const path = join(dir, 'a', 'b', 'state.json');
  await writeAtomic(path, 'one');
  await writeAtomic(path, new Uint8Array([116, 119, 111]));
  expect(readFileSync(path, 'utf8')).toBe('two');
  expect(readdirSync(join(dir, 'a', 'b'))).toEqual(['state.json']);
});

test('a path that cannot be written is a user error that names it', async () => {
  const file = join(folder(), 'file');
  writeFileSync(file, '');
  for (const attempt of [() => writeAtomic(join(file, 'x'), ''), () => checkWritable(join(file, 'out'))]) {
    await expect(attempt()).rejects.toThrow(UserError);
    await expect(attempt()).rejects.toThrow(
      /cannot write .*file.*not a folder; choose another output folder/,
    );
  }
  await expect(writeAtomic(folder(), 'x')).rejects.toThrow(UserError);
});

test.runIf(existsSync('/proc/self'))('a file system that makes no folders is no endless loop', async () => {
  await expect(checkWritable('/proc/ddad/out')).rejects.toThrow('no folder can be made there');
});

test('checking leaves nothing behind', async () => {
  const dir = join(folder(), 'new');
  await checkWritable(dir);
  expect(existsSync(dir)).toBe(false);
});
