import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type TarEntry, tarOf } from '../../testing/tar-of.js';
import { unpackTar } from './unpack-tar.js';

const limits = { maxBytes: 100_000, maxEntries: 50 };

/** Writes an archive in a folder of its own and unpacks it to `in/out` there. */
async function unpack(archive: TarEntry[] | Buffer, options = {}) {
  const top = await mkdtemp(join(tmpdir(), 'ddad-tar-'));
  const path = join(top, 'a.tar');
  const folder = join(top, 'in', 'out');
  await writeFile(path, Buffer.isBuffer(archive) ? archive : tarOf(archive));
  return { top, folder, done: unpackTar(path, folder, { ...limits, ...options }) };
}

test('unpacks files and folders, whole or not at all', async () => {
  const steps: number[] = [];
  const long = `${'deep/'.repeat(30)}name.txt`;
  const { top, folder, done } = await unpack(
    [
      { path: 'candle/', type: 'Directory', mode: 0o755 },
      { path: 'candle/Data/0000.JPG', body: 'image' },
      { path: long.slice(0, 99), body: 'x'.repeat(5000), mode: 0o4755 },
    ],
    { onProgress: ({ done, total }: { done: number; total: number }) => steps.push(done / total) },
  );
  await done;
  expect(steps).toEqual([1 / 3, 2 / 3, 1]);
  expect(await readFile(join(folder, 'candle', 'Data', '0000.JPG'), 'utf8')).toBe('image');
  expect((await stat(join(folder, long.slice(0, 99)))).size).toBe(5000);
  expect(await readdir(join(top, 'in'))).toEqual(['out']);
  await expect(unpackTar(join(top, 'a.tar'), folder, limits)).rejects.toThrow('exists already');
});

const good: TarEntry = { path: 'candle/0.JPG', body: 'image' };
const hostile: [string, TarEntry[] | Buffer, string][] = [
  ['a path up and out', [good, { path: '../evil', body: 'x' }], 'the path "../evil" leads outside'],
  ['a path up and out, further in', [{ path: 'a/../../evil', body: 'x' }], 'leads outside'],
  [
    'a path out in an extended header',
    [{ path: 'pax', type: 'ExtendedHeader', body: '16 path=../evil\n' }, good],
    'the path "../evil" leads outside',
  ],
  ['an absolute path', [{ path: '/tmp/ddad-evil', body: 'x' }], 'leads outside'],
  ['a path with a drive', [{ path: 'C:\\evil', body: 'x' }], 'leads outside'],
  ['a path out in Windows terms', [{ path: 'a\\..\\..\\evil', body: 'x' }], 'leads outside'],
  [
    'a symbolic link and a file through it',
    [
      { path: 'candle', type: 'SymbolicLink', linkpath: '/tmp' },
      { path: 'candle/ddad-evil', body: 'x' },
    ],
    '"candle" is a SymbolicLink',
  ],
  ['a hard link', [good, { path: 'x', type: 'Link', linkpath: '/etc/passwd' }], '"x" is a Link'],
  ['a device', [{ path: 'x', type: 'CharacterDevice' }], '"x" is a CharacterDevice'],
  ['a pipe', [{ path: 'x', type: 'FIFO' }], '"x" is a FIFO'],
  [
    'too many bytes',
    [
      { path: 'x', body: 'x'.repeat(60_000) },
      { path: 'y', body: 'x'.repeat(60_000) },
    ],
    '100000 bytes',
  ],
  ['a size that is a lie', [{ path: 'x', size: 8 * 2 ** 30, body: 'x' }], '100000 bytes'],
  ['too many entries', Array.from({ length: 51 }, (_, i) => ({ path: `${i}` })), 'more than 50 entries'],
  ['a bomb', gzipSync(tarOf([{ path: 'x', body: Buffer.alloc(5_000_000) }])), '100000 bytes'],
  ['nothing', [], 'is damaged'],
  ['no archive', Buffer.from('hello '.repeat(500)), 'is damaged'],
  ['a cut archive', tarOf([good, { path: 'y', body: 'x'.repeat(3000) }]).subarray(0, 3000), 'is damaged'],
];

test.each(hostile)('refuses %s and leaves nothing', async (_, archive, message) => {
  const { top, folder, done } = await unpack(archive);
  await expect(done).rejects.toThrow(message);
  expect(await readdir(top)).toEqual(['a.tar']);
  expect(existsSync(folder) || existsSync('/tmp/ddad-evil')).toBe(false);
});

test('a flipped bit in a header is damage, wherever it is', async () => {
  const whole = tarOf([good, { path: 'y', body: 'y' }]);
  for (const at of [3, 110, 150, 1030, 1100]) {
    const archive = Buffer.from(whole);
    archive[at]! ^= 4;
    const { top, done } = await unpack(archive);
    await expect(done).rejects.toThrow('is damaged');
    expect(await readdir(top)).toEqual(['a.tar']);
  }
});

test('stops when aborted and leaves nothing', async () => {
  const controller = new AbortController();
  const files = Array.from({ length: 40 }, (_, i) => ({ path: `f/${i}`, body: 'x'.repeat(2000) }));
  const { top, done } = await unpack(files, {
    signal: controller.signal,
    onProgress: ({ done }: { done: number }) => done === 3 && controller.abort(new Error('enough')),
  });
  await expect(done).rejects.toThrow('enough');
  expect((await readdir(join(top, 'in'))).length).toBe(0);
});
