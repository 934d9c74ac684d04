import fs from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { loadImage } from '@ddad/datasets';
import { expectNoLeak } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type MadeDetector, makeDetector } from '../testing/make-detector.js';
import { type Detection, Detector } from './detector.js';
import { UserError } from './errors.js';

let made: MadeDetector;
let detector: Detector;
beforeAll(async () => {
  made = await makeDetector();
  detector = await Detector.load(made.folder, { engine: 'ort', threads: 1 });
});
afterAll(async () => {
  detector?.dispose();
  await rm(dirname(made.folder), { recursive: true });
});

test('path, address, bytes and pixels give the same', async () => {
  const [path] = made.images;
  const byPath = await detector.detect(path);
  expect(byPath).toMatchObject({ width: 32, height: 32, threshold: detector.threshold });
  expect(byPath.map).toHaveLength(32 * 32);
  expect(Math.max(...byPath.map)).toBe(byPath.score);
  expect(byPath.isAnomalous).toBe(byPath.score >= byPath.threshold);
  expect(byPath.regions.length > 0).toBe(byPath.isAnomalous);
  expect(await detector.detect(pathToFileURL(path))).toEqual(byPath);
  expect(await detector.detect(await readFile(path))).toEqual(byPath);
  expect(await detector.detect(await loadImage(path))).toEqual(byPath);
});

test('bytes and pixels open no file, and write none', async () => {
  const [path] = made.images;
  const bytes = await readFile(path);
  const pixels = await loadImage(path);
  const expected = await detector.detect(bytes); // the engine has made its sessions
  const calls: string[] = [];
  const restore: (() => void)[] = [];
  const watch = (on: object, name: string) => {
    const own = Reflect.get(on, name);
    restore.push(() => Reflect.set(on, name, own));
    Reflect.set(on, name, (...args: unknown[]) => {
      calls.push(`${name} ${args[0]}`);
      return own.apply(on, args);
    });
  };
  for (const name of [
    'open',
    'openSync',
    'readFile',
    'readFileSync',
    'writeFile',
    'writeFileSync',
    'mkdtemp',
  ]) {
    watch(fs, name);
    if (name in fs.promises) watch(fs.promises, name);
  }
  syncBuiltinESMExports();
  try {
    expect(await detector.detect(bytes)).toEqual(expected);
    expect(await detector.detect(pixels)).toEqual(expected);
    expect(calls).toEqual([]);
    await detector.detect(path);
    expect(calls).toEqual([`readFile ${path}`]);
  } finally {
    for (const each of restore) each();
    syncBuiltinESMExports();
  }
});

test('detectAll takes images as it goes, also from a stream, and gives what detect gives', async () => {
  const images = made.images.slice(0, 5);
  let taken = 0;
  async function* stream() {
    for (const image of images) {
      taken++;
      yield image;
    }
  }
  const found: Detection[] = [];
  for await (const detection of detector.detectAll(stream())) {
    found.push(detection);
    expect(taken).toBeLessThanOrEqual(found.length);
  }
  expect(found).toHaveLength(5);
  for (const [i, image] of images.entries()) expect(found[i]).toEqual(await detector.detect(image));
  const leaving = detector.detectAll(images);
  await leaving.next();
  await leaving.return(undefined);
  await expectNoLeak(async () => void (await detector.detect(images[0])));
});

test('a detector comes from a folder, an address or any source of files; nothing leaks', async () => {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    asked.push(request.url!);
    response.end(await readFile(join(made.folder, decodeURIComponent(request.url!.replace('/here/', '')))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const [path] = made.images;
  const expected = await detector.detect(path);
  const source = { name: 'memory', read: (name: string) => readFile(join(made.folder, name)) };
  try {
    for (const place of [
      pathToFileURL(made.folder),
      new URL(`http://127.0.0.1:${port}/here`),
      `http://127.0.0.1:${port}/here/`,
      source,
    ]) {
      const before = tf.memory().numTensors;
      const other = await Detector.load(place, { engine: 'ort', threads: 1 });
      expect(await other.detect(path)).toEqual(expected);
      other.dispose();
      other.dispose();
      expect(tf.memory().numTensors).toBe(before);
      await expect(other.detect(path)).rejects.toThrow(/was disposed; load it again/);
    }
    expect(asked.slice(0, 3)).toEqual(
      expect.arrayContaining([
        '/here/detector.json',
        '/here/unet-1.safetensors',
        '/here/features-1.safetensors',
      ]),
    );
  } finally {
    server.close();
  }
});

test('what cannot be loaded is named, and leaves no tensors', async () => {
  const before = tf.memory().numTensors;
  const load = (place: Parameters<typeof Detector.load>[0]) => Detector.load(place, { engine: 'ort' });
  await expect(load(join(made.folder, 'nowhere'))).rejects.toThrow(/no trained detector in .*nowhere/);
  await expect(load(null as never)).rejects.toThrow(UserError);
  const read = (name: string) => readFile(join(made.folder, name));
  const altered = {
    name: 'altered',
    async read(name: string) {
      const bytes = await read(name);
      if (name.startsWith('features')) bytes[bytes.length - 1] ^= 1;
      return bytes;
    },
  };
  await expect(load(altered)).rejects.toThrow(
    /altered\/features-1\.safetensors is not the file .*sha256 differs/,
  );
  const bare = {
    name: 'bare',
    read: async (name: string) =>
      name === 'detector.json'
        ? Buffer.from(JSON.stringify({ ...JSON.parse(`${await read(name)}`), threshold: null }))
        : read(name),
  };
  const unset = await load(bare);
  await expect(unset.detect(made.images[0])).rejects.toThrow(
    /no threshold yet; set one with `calibrateDetector`/,
  );
  unset.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

test('a signal ends the work', async () => {
  await expect(detector.detect(made.images[0], { signal: AbortSignal.abort() })).rejects.toThrow(
    /interrupted/,
  );
});
