import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { loadImage } from '@ddad/datasets';
import { UserError } from '@ddad/detector';
import { collect } from '@ddad/testing';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { readManifest, writeManifest } from './checkpoint/manifest-file.js';
import { detectFiles } from './detect-files.js';

const { at, copy, trained } = useTrained();
const checkpoint = trained('checkpoints');
const good = (name: string) => trained('data', 'weave', 'test', 'good', name);

test('detectFiles looks through a folder and writes overlays', async () => {
  const results = await collect(
    detectFiles(trained('data', 'weave', 'test', 'good'), { checkpoint, out: at('overlays') }),
  );
  expect(results.map(({ path }) => path)).toEqual(['000.png', '001.png', '002.png'].map(good));
  for (const { path, overlay, imageWidth, imageHeight } of results) {
    const [photo, made] = await Promise.all([path, overlay!].map((file) => loadImage(file)));
    expect([made.width, made.height]).toEqual([photo.width, photo.height]);
    expect([imageWidth, imageHeight]).toEqual([photo.width, photo.height]);
  }
  await writeFile(at('note.png'), 'no image');
  await expect(detectFiles(at('note.png'), { checkpoint }).next()).rejects.toThrow(/note\.png/);
  await expect(detectFiles(at('nowhere'), { checkpoint }).next()).rejects.toThrow(UserError);
  await expect(detectFiles([], { checkpoint }).next()).rejects.toThrow(/needs the path of an image/);
  await expect(
    detectFiles(trained('results', 'maps'), { checkpoint, out: trained('results', 'maps') }).next(),
  ).rejects.toThrow(/option out/);
});

test('files and folders in their order, bad ones in their place, each file once', async () => {
  await mkdir(at('some', 'b'), { recursive: true });
  for (const name of ['z.png', 'b/000.png', 'b/001.png']) await copyFile(good('000.png'), at('some', name));
  await writeFile(at('some', 'b', '0005.png'), 'no image');
  const paths = ['some/z.png', 'some/gone.png', 'some/b', 'some/b/001.png'].map((path) => at(path));
  const options = { checkpoint, out: at('pictures'), csv: at('deep', 'results.csv'), threshold: 1e9 };
  const results = await collect(detectFiles(paths, { ...options, badFiles: 'yield' }));
  expect(results.map((result) => [result.path, 'error' in result])).toEqual([
    [at('some/z.png'), false],
    [at('some/gone.png'), true],
    [at('some/b/000.png'), false],
    [at('some/b/0005.png'), true],
    [at('some/b/001.png'), false],
  ]);
  expect(results.flatMap((result) => ('overlay' in result ? [result.overlay] : []))).toEqual([
    at('pictures/z.png'),
    at('pictures/b/000.png'),
    at('pictures/b/001.png'),
  ]);
  const rows = (await readFile(options.csv, 'utf8')).trimEnd().split('\n');
  expect(rows[0]).toBe('path,verdict,score,threshold,regions,x,y,width,height,foreign,error');
  expect(rows[1]).toMatch(/z\.png,good,[\d.]+,1000000000,0,,,,,,$/);
  expect(rows[2]).toMatch(/gone\.png,not read,,,,,,,,,there is no file or folder .*gone\.png$/);
  expect(rows).toHaveLength(6);

  const notices: string[] = [];
  const rest = detectFiles(paths, {
    checkpoint,
    badFiles: 'skip',
    onNotice: (notice) => notices.push(notice),
  });
  expect(await collect(rest)).toHaveLength(3);
  expect(notices.filter((notice) => notice.startsWith('left out: '))).toHaveLength(2);
});

test('an image is never overwritten by its overlay', async () => {
  await copyFile(good('000.png'), at('own.png'));
  const before = await readFile(at('own.png'));
  await expect(detectFiles(at('own.png'), { checkpoint, out: at('.') }).next()).rejects.toThrow(
    /option out: needs another folder than that of the images.*own\.png would be overwritten/,
  );
  expect(await readFile(at('own.png'))).toEqual(before);
  await expect(detectFiles(at('own.png'), { checkpoint, threshold: Number.NaN }).next()).rejects.toThrow(
    /option threshold: needs a number, got NaN/,
  );
});

test('the region of the highest peak is a row of the CSV, in pixels of the image', async () => {
  const csv = at('found.csv');
  const [result] = await collect(detectFiles(good('000.png'), { checkpoint, csv, threshold: 0 }));
  const { x, y, width, height } = result!.regions[0]!.original!;
  expect(result!.isAnomalous).toBe(true);
  const cells = (await readFile(csv, 'utf8')).split('\n')[1]!.split(',').slice(4);
  expect(cells).toEqual([`${result!.regions.length}`, `${x}`, `${y}`, `${width}`, `${height}`, '', '']);
});

test('scores unlike those of the calibration are told once, whatever else is found', async () => {
  const moved = await copy('moved');
  const manifest = await readManifest(moved);
  const [{ score } = { score: Number.NaN }] = await collect(detectFiles(good('000.png'), { checkpoint }));
  // good images that scored far less, as under another light
  const scores = Array.from({ length: 60 }, (_, i) => score * (0.5 + i / 300));
  const threshold = { value: 3 * score, from: 'given' } as const;
  await writeManifest(moved, { ...manifest, threshold, calibration: { ...manifest.calibration!, scores } });
  await mkdir(at('stream'));
  for (let i = 10; i < 40; i++) await copyFile(good('000.png'), at('stream', `${i}.png`));
  const notices: string[] = [];
  const options = { checkpoint: moved, onNotice: (notice: string) => void notices.push(notice) };
  const results = await collect(detectFiles(at('stream'), options));
  expect(results.filter(({ isAnomalous }) => isAnomalous)).toEqual([]);
  expect(notices.filter((notice) => notice.includes('no longer look like'))).toEqual([
    expect.stringMatching(/after \d+ images called good it is certain that theirs are higher/),
  ]);
});
