import { join } from 'node:path';
import { cutTile, encodePng, tileGrid } from '@ddad/images';
import { expect, it } from 'vitest';
import { makeTree } from '../testing/tree.js';
import { worker } from '../testing/worker.js';
import { loadImage } from './load-image.js';
import { loadTiles } from './load-tiles.js';

it('gives the tiles that cutTile cuts, with and without threads, the second time from the cache', async () => {
  const files = Object.fromEntries(
    [0, 1].map((n) => {
      const data = Uint8Array.from({ length: 50 * 40 * 3 }, (_, k) => (k * (n + 3)) % 251);
      return [`${n}.png`, encodePng({ data, width: 50, height: 40, channels: 3 })];
    }),
  );
  const root = await makeTree({ ...files, 'bad.png': files['0.png']!.subarray(0, 60) });
  const { tiles } = tileGrid({ width: 50, height: 40 }, { tile: 24, side: 8 });
  const samples = ['0', 'bad', '1'].map((name) => ({
    imagePath: join(root, `${name}.png`),
    tiles: tiles.slice(1, 4),
  }));
  const size = [8, 8] as const;
  const options = { size, worker, skipBad: true, cacheDir: join(root, 'cache') };
  for (const workers of [0, 1]) {
    const store = await loadTiles(samples, { ...options, workers });
    expect(store.samples).toEqual([samples[0], samples[2]]);
    expect(store.skipped).toMatchObject([{ sample: samples[1], reason: expect.stringContaining('bad.png') }]);
    for (const [i, { imagePath, tiles }] of store.samples.entries()) {
      const pixels = await loadImage(imagePath);
      expect(store.tiles[i]).toEqual(tiles.map((tile) => cutTile(pixels, tile, { size }).data));
    }
  }
  await expect(loadTiles([samples[1]!], { size, workers: 0 })).rejects.toThrow(/cannot read .*bad\.png/);
  await expect(loadTiles([], { size })).rejects.toThrow('loadTiles: no samples were given');
});
