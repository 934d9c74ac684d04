import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { encodePng } from '@ddad/images';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type TarEntry, tarOf } from '../../testing/tar-of.js';
import { loadConfig } from '../config/load-config.js';
import { archiveFolder } from './archive-folder.js';
import { imagesOf } from './images-of.js';
import { openData } from './open-data.js';

let top: string;
beforeAll(async () => {
  top = await mkdtemp(join(tmpdir(), 'ddad-archive-'));
  vi.stubEnv('DDAD_CACHE', join(top, 'cache'));
});
afterAll(() => void vi.unstubAllEnvs());

const png = encodePng({ data: new Uint8Array(12), width: 2, height: 2, channels: 3 });
const names = ['good/1.png', 'good/2.png', 'scratch/3.png'].map((name) => `parts/${name}`);
const tar = tarOf(names.map((path) => ({ path, body: png })));
const zip = zipSync(Object.fromEntries(names.map((name) => [name, png])));
const kept = () =>
  existsSync(join(top, 'cache', 'archives')) ? readdirSync(join(top, 'cache', 'archives')) : [];

async function archive(name: string, bytes: Uint8Array): Promise<string> {
  const path = join(top, name);
  await writeFile(path, bytes);
  return path;
}

test.each([
  ['a.zip', zip],
  ['a.tar', tar],
  ['a.tar.gz', gzipSync(tar)],
  ['a.TGZ', gzipSync(tar)],
])('%s is a data set, is looked at, and unpacked once', async (name, bytes) => {
  const path = await archive(name, bytes);
  const notices: string[] = [];
  const config = loadConfig({ data: { root: path } }, { onNotice: (notice) => notices.push(notice) });
  expect(config.data).toMatchObject({ kind: 'folder', root: path, name: 'a' });
  expect(notices[0]).toMatch(/unpacking .*a\..* to .*archives/);
  const { train, test: tested } = await openData(config);
  expect([...train, ...tested].map(({ id }) => id)).toEqual(names);
  const found = await imagesOf([path]);
  expect(found.map(({ name: each }) => each.split(/[/\\]/).join('/'))).toEqual(names);
  const folder = archiveFolder(path);
  const before = statSync(folder).mtimeMs;
  expect(archiveFolder(path)).toBe(folder);
  expect(statSync(folder).mtimeMs).toBe(before);
  await utimes(path, new Date(), new Date(Date.now() + 10_000));
  expect(archiveFolder(path)).not.toBe(folder);
});

const hostile: [string, Uint8Array, RegExp][] = [
  ['out.zip', zipSync({ '../evil.png': png }), /unsafe path "\.\.\/evil\.png"/],
  ['absolute.zip', zipSync({ '/tmp/evil.png': png }), /unsafe path/],
  ['bomb.zip', zipSync({ 'a.png': new Uint8Array(5e6) }), /a zip bomb/],
  ['cut.zip', zip.subarray(0, zip.length - 30), /no directory at its end/],
  ['out.tar', tarOf([{ path: '../evil.png', body: png }]), /"\.\.\/evil\.png" leads outside/],
  [
    'link.tar.gz',
    gzipSync(tarOf([{ path: 'x', type: 'SymbolicLink', linkpath: '/etc' } as TarEntry])),
    /is a SymbolicLink/,
  ],
  [
    'bomb.tar.gz',
    gzipSync(tarOf([{ path: 'a.png', body: new Uint8Array(5e6) }])),
    /have more than \d+ bytes/,
  ],
  ['cut.tar', tar.subarray(0, 700), /damaged/],
  ['no.tgz', new Uint8Array(2000).fill(7), /damaged/],
];
test.each(hostile)('%s is refused, and nothing of it is kept', async (name, bytes, message) => {
  const path = await archive(name, bytes);
  const before = kept();
  expect(() => archiveFolder(path)).toThrow(/^cannot unpack .*; pack it anew/s);
  expect(() => archiveFolder(path)).toThrow(message);
  expect(kept()).toEqual(before);
  expect(existsSync(join(top, 'evil.png'))).toBe(false);
});

test('what is no archive stays as it is', () => {
  expect(archiveFolder(top)).toBe(top);
  mkdirSync(join(top, 'folder.zip'));
  expect(archiveFolder(join(top, 'folder.zip'))).toBe(join(top, 'folder.zip'));
  expect(() => archiveFolder(join(top, 'gone.zip'))).toThrow(/there is no file .*gone\.zip/);
});

test('a list is a data set and a list of images', async () => {
  for (const name of ['1.png', '2.png', '3.png']) await writeFile(join(top, name), png);
  const path = await archive('lid.csv', Buffer.from('image,label\n1.png,0\n2.png,ok\n3.png,crack\n'));
  const config = loadConfig({ data: { root: path } });
  expect(config.data).toMatchObject({ kind: 'list', root: path, name: 'lid', category: null });
  const { train, test: tested } = await openData(config);
  expect([...train, ...tested].map(({ id, defect }) => `${id} ${defect}`)).toEqual([
    '1.png good',
    '2.png good',
    '3.png crack',
  ]);
  expect((await imagesOf([path])).map(({ name }) => name)).toEqual(['1.png', '2.png', '3.png']);
  expect(() => loadConfig({ data: { root: path, category: 'x' } })).toThrow(
    /a list of images has none, got x/,
  );
});
