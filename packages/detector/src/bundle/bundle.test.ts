import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openZip, writeZip } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type MadeDetector, makeDetector } from '../../testing/make-detector.js';
import { Detector } from '../detector.js';
import { UserError } from '../errors.js';
import { openSource } from '../open-source.js';
import { bundleSource } from './bundle-source.js';
import { writeBundle } from './write-bundle.js';

let made: MadeDetector;
let bundle: Uint8Array;
beforeAll(async () => {
  made = await makeDetector();
  bundle = await writeBundle(await openSource('test', made.folder));
});
afterAll(() => rm(dirname(made.folder), { recursive: true }));

const load = (place: Parameters<typeof Detector.load>[0]) =>
  Detector.load(place, { engine: 'ort', threads: 1 });

test('a bundle is the detector, as a path, an address, bytes and a Blob', async () => {
  const path = join(dirname(made.folder), 'detector.ddad');
  await writeFile(path, bundle);
  const server = createServer((_, response) => void response.end(bundle));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const places = [
    made.folder,
    ...[path, pathToFileURL(path), bundle, new Blob([bundle as Uint8Array<ArrayBuffer>])],
    `http://127.0.0.1:${port}/detector.ddad?version=2`,
  ];
  const before = tf.memory().numTensors;
  const found: unknown[] = [];
  for (const place of places) {
    const detector = await load(place);
    found.push(await detector.detect(made.images[0]));
    detector.dispose();
  }
  server.close();
  expect(found).toHaveLength(6);
  for (const each of found) expect(each).toEqual(found[0]);
  expect(tf.memory().numTensors).toBe(before);
});

test('other programs read it: a zip of stored files, with hashes as sha256sum writes them', async () => {
  const files = unzipSync(bundle);
  expect(Object.keys(files)).toEqual([
    'detector.json',
    'unet-1.safetensors',
    'features-1.safetensors',
    'SHA256SUMS',
  ]);
  const lines = Object.entries(files)
    .filter(([name]) => name !== 'SHA256SUMS')
    .map(([name, bytes]) => `${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
  expect(new TextDecoder().decode(files.SHA256SUMS)).toBe(lines.join(''));
  for (const [name, bytes] of Object.entries(files)) {
    if (name !== 'SHA256SUMS')
      expect(Buffer.from(bytes).equals(await readFile(join(made.folder, name)))).toBe(true);
  }
});

test('equal files give equal bytes; what goes along is not lost; a bundle is bundled again', async () => {
  expect(Buffer.from(bundle).equals(await writeBundle(await openSource('test', bundle)))).toBe(true);
  const extra = new Map([['notes.txt', new TextEncoder().encode('line 4')]]);
  const more = await writeBundle(await openSource('test', made.folder), { extra });
  const source = await openSource('test', more);
  expect(new TextDecoder().decode(await source.read('notes.txt'))).toBe('line 4');
  await expect(source.read('nothing.txt')).rejects.toThrow('the bundle given as bytes has no nothing.txt');
});

describe('a file that is no detector is refused, in one line that says why', () => {
  /** The bundle's files with some changed, and their hashes as they now are, or as `change` makes them. */
  const altered = (
    change: (files: Record<string, Uint8Array>) => void,
    sums: (text: string) => string = (text) => text,
  ) => {
    const files = { ...unzipSync(bundle) };
    const { SHA256SUMS } = files;
    delete files.SHA256SUMS;
    change(files);
    return writeZip({
      ...files,
      SHA256SUMS: new TextEncoder().encode(sums(new TextDecoder().decode(SHA256SUMS))),
    });
  };
  const flipped = (name: string) =>
    altered((files) => {
      files[name] = files[name].slice();
      files[name][files[name].length - 1] ^= 1;
    });
  const text = (value: string) => new TextEncoder().encode(value);
  const cases: [string, () => Uint8Array, RegExp][] = [
    ['no bytes', () => new Uint8Array(0), /no directory at its end/],
    ['a picture', () => text('\x89PNG\r\n\x1a\n and more'), /no directory at its end/],
    ['half of it', () => bundle.slice(0, bundle.length / 2), /no directory at its end; is it cut short/],
    ['its last byte missing', () => bundle.slice(0, -1), /cut short|no directory/],
    ['its first byte missing', () => bundle.slice(1), /not where the zip directory says|damaged/],
    [
      'a zip of something else',
      () => writeZip({ 'a.txt': text('a') }),
      /is no detector: it has no SHA256SUMS/,
    ],
    [
      'an altered manifest',
      () => flipped('detector.json'),
      /detector\.json is not the file .*sha256 differs/,
    ],
    ['altered weights', () => flipped('unet-1.safetensors'), /unet-1\.safetensors is not the file/],
    [
      'a path out of it',
      () => altered((files) => Object.assign(files, { '../../etc/cron.d/x': text('x') })),
      /unsafe path "\.\.\/\.\.\/etc\/cron\.d\/x"/,
    ],
    [
      'an absolute path',
      () => altered((files) => Object.assign(files, { '/etc/passwd': text('x') })),
      /unsafe path/,
    ],
    [
      'a path out of it, with a hash',
      () =>
        altered(
          () => undefined,
          (sums) => `${sums}${'0'.repeat(64)}  ../x\n`,
        ),
      /SHA256SUMS: line 4 needs/,
    ],
    [
      'a file without a hash',
      () => altered((files) => Object.assign(files, { 'run.sh': text('x') })),
      /has "run\.sh", of which SHA256SUMS knows nothing/,
    ],
    [
      'a hash without its file',
      () => altered((files) => delete files['features-1.safetensors']),
      /lacks features-1\.safetensors/,
    ],
    [
      'a hash twice',
      () =>
        altered(
          () => undefined,
          (sums) => sums + sums,
        ),
      /SHA256SUMS: line 4 needs/,
    ],
    [
      'a bomb',
      () => zipSync({ 'detector.json': new Uint8Array(8_000_000), SHA256SUMS: text('') }, { level: 9 }),
      /would unfold to 8000000: a zip bomb/,
    ],
    [
      'weights elsewhere',
      () => {
        const manifest = text(
          new TextDecoder()
            .decode(unzipSync(bundle)['detector.json'])
            .replace('unet-1.safetensors', '../unet-1.safetensors'),
        );
        const hash = createHash('sha256').update(manifest).digest('hex');
        return altered(
          (files) => Object.assign(files, { 'detector.json': manifest }),
          (sums) => sums.replace(/^.*(?= {2}detector\.json$)/m, hash),
        );
      },
      /detector\.json: unet\.file: needs the name of a file beside the manifest/,
    ],
  ];
  test.each(cases)('%s', async (_, bytes, message) => {
    const before = tf.memory().numTensors;
    const error = await load(bytes()).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toMatch(message);
    expect((error as Error).message).toMatch(/^the bundle given as bytes[^\n]*$/);
    expect(tf.memory().numTensors).toBe(before);
  });
});

test('cut at any place, it is refused', async () => {
  const small = await writeBundle({
    name: 'small',
    read: async (name) => (name === 'detector.json' ? readFile(join(made.folder, name)) : new Uint8Array(40)),
  });
  const { names } = openZip(small);
  for (let length = 0; length < small.length; length += 7) {
    const use = async () => {
      const source = await bundleSource(small.slice(0, length), 'cut');
      for (const name of names) await source.read(name);
    };
    await expect(use(), `${length} bytes`).rejects.toThrow(UserError);
  }
});
