import { execFile } from 'node:child_process';
import { copyFile, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { encodePng } from '@ddad/images';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { makeTree } from '../testing/tree.js';
import { worker } from '../testing/worker.js';
import { loadImage } from './load-image.js';
import { loadImages } from './load-images.js';

async function tree(n = 6) {
  const files: Record<string, Uint8Array> = {};
  for (let i = 0; i < n; i++) {
    const data = Uint8Array.from({ length: 20 * 10 * 3 }, (_, k) => (k * (i + 3)) % 251);
    files[`${i}.png`] = encodePng({ data, width: 20, height: 10, channels: 3 });
  }
  const root = await makeTree(files);
  return { root, samples: Array.from({ length: n }, (_, i) => ({ imagePath: join(root, `${i}.png`) })) };
}

describe('loadImages', () => {
  it('gives the same bytes as loadImage, in order, with any number of workers', async () => {
    const { samples } = await tree();
    const expected = await Promise.all(
      samples.map(({ imagePath }) => loadImage(imagePath, { size: [4, 5] })),
    );
    for (const workers of [0, 1, 3]) {
      const store = await loadImages(samples, { size: [4, 5], workers, worker });
      expect(store.samples).toEqual(samples);
      expect(store.fromCache).toBe(0);
      for (const [i, { data }] of expected.entries()) expect(store.get(i)).toEqual(data);
      expect(store.batch([3, 0])).toEqual(Uint8Array.of(...expected[3]!.data, ...expected[0]!.data));
      expect(() => store.get(6)).toThrow('there are images 0 to 5, not 6');
    }
  });

  it('reads the second time from the cache, until a file or an option changes', async () => {
    const { root, samples } = await tree();
    const cacheDir = join(root, 'cache');
    const load = (channels: 1 | 3 = 3) =>
      loadImages(samples, { size: [4, 5], cacheDir, channels, workers: 1, worker });
    const first = await load();
    const second = await load();
    expect([first.fromCache, second.fromCache]).toEqual([0, 6]);
    expect(second.data).toEqual(first.data);
    expect((await load(1)).fromCache).toBe(0);
    const changed = samples[2]!.imagePath;
    await utimes(changed, new Date(), new Date(Date.now() + 5000));
    expect((await load()).fromCache).toBe(5);
    const [some] = (await readdir(cacheDir, { recursive: true })).filter((name) => name.endsWith('.bin'));
    const kept = await readFile(join(cacheDir, some!));
    await writeFile(join(cacheDir, some!), kept.subarray(1));
    expect((await load()).data).toEqual(first.data);
  });

  it('reports progress, and fails naming the file or lists it', async () => {
    const { root, samples } = await tree();
    const bad = { imagePath: join(root, 'bad.png') };
    await writeFile(bad.imagePath, 'no image');
    const mixed = [samples[0]!, bad, samples[1]!];
    await expect(loadImages(mixed, { size: [4, 5], worker })).rejects.toThrow(
      `cannot read ${bad.imagePath}: not a PNG`,
    );
    const steps: number[] = [];
    const store = await loadImages(mixed, {
      size: [4, 5],
      worker,
      skipBad: true,
      onProgress: ({ done }) => steps.push(done),
    });
    expect(steps).toEqual([1, 2, 3]);
    expect(store.samples).toEqual([samples[0], samples[1]]);
    expect(store.get(1)).toEqual((await loadImage(samples[1]!.imagePath, { size: [4, 5] })).data);
    expect(store.skipped.map(({ sample }) => sample)).toEqual([bad]);
    await expect(loadImages([bad], { size: [4, 5], skipBad: true, worker })).rejects.toThrow(
      'none of 1 images could be read',
    );
    await expect(loadImages([], { size: [4, 5] })).rejects.toThrow('no samples were given');
  });

  it('names a worker file that is not there, or cannot start, and the remedy; never an image', async () => {
    const { root, samples } = await tree();
    const load = (address: URL) => loadImages(samples, { size: [4, 5], worker: address, skipBad: true });
    const missing = pathToFileURL(join(root, 'decode-worker.js'));
    await expect(load(missing)).rejects.toThrow(
      `loadImages: the file of its worker threads is not there: ${join(root, 'decode-worker.js')}. Where a bundler`,
    );
    await writeFile(missing, "import 'no-such-package';");
    await expect(load(missing)).rejects.toThrow(
      /^loadImages: its worker thread .* cannot start: .*no-such-package/,
    );
    await expect(load(missing)).rejects.toThrow('decode without threads (workers: 0)');
  });

  it('works in a bundle, with the remedy that its error names', async () => {
    const { root, samples } = await tree();
    const program = (more: string) => `
      import { loadImages } from '@ddad/datasets';
      const samples = ${JSON.stringify(samples)};
      loadImages(samples, { size: [4, 5]${more} }).then(
        ({ data }) => console.log(data.length),
        ({ message }) => console.log(message),
      );`;
    const run = async (format: 'esm' | 'cjs', more = '') => {
      const outfile = join(root, `bundle.${format === 'esm' ? 'mjs' : 'cjs'}`);
      const resolveDir = fileURLToPath(new URL('..', import.meta.url));
      const stdin = { contents: program(more), resolveDir };
      await build({
        stdin,
        bundle: true,
        platform: 'node',
        format,
        outfile,
        logLevel: 'error',
        logOverride: { 'empty-import-meta': 'silent' },
      });
      return (await promisify(execFile)(process.execPath, [outfile])).stdout.trim();
    };
    const bytes = String(samples.length * 4 * 5 * 3);
    expect(await run('esm')).toMatch(
      /^loadImages: the file of its worker threads is not there: .*decode-worker.js/,
    );
    expect(await run('cjs')).toMatch(/^loadImages: has no address for its worker threads/);
    expect(await run('esm', ', workers: 0')).toBe(bytes);
    expect(await run('esm', `, worker: ${JSON.stringify(String(worker))}`)).toBe(bytes);
    const jpeg = new URL('../../images/fixtures/cases/junk_one.jpg', import.meta.url);
    await copyFile(jpeg, samples[0]!.imagePath);
    expect(await run('esm', ', workers: 0, skipBad: true')).toMatch(
      /^the codec @jsquash.* is not there .* keep @ddad\/images out of the bundle/,
    );
  });

  it('stops when aborted', async () => {
    const { samples } = await tree(30);
    const controller = new AbortController();
    const loading = loadImages(samples, {
      size: [4, 5],
      workers: 1,
      worker,
      signal: controller.signal,
      onProgress: ({ done }) => done === 2 && controller.abort(new Error('enough')),
    });
    await expect(loading).rejects.toThrow('enough');
  });
});
