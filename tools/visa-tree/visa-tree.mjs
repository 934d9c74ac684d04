// Builds VisA's tree from its own 1cls.csv, with a tiny image and mask for every row and the CSV copied unchanged, then
// loads it raw and, after prepareVisa, prepared (with and without --png), and compares all samples and masks.
//
//     npm run build && node tools/visa-tree/visa-tree.mjs path/to/1cls.csv
//
// Exits 1 if a count or a mask differs.

import assert from 'node:assert/strict';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { loadImage, loadMask, openDataset, prepareVisa } from '@ddad/datasets';
import { encodePng } from '@ddad/report';

const csv = process.argv[2];
const text = await readFile(csv, 'latin1');
assert(text.includes('\r\n'), 'the CSV has CRLF line ends');
const rows = text
  .trim()
  .split('\r\n')
  .slice(1)
  .map((line) => line.split(','));
const top = await mkdtemp(join(tmpdir(), 'ddad-visa-'));
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`;
const size = { width: 3, height: 2 };
const stem = (path) => basename(path, extname(path));

try {
  const root = join(top, 'raw');
  let began = performance.now();
  await mkdir(join(root, 'split_csv'), { recursive: true });
  await copyFile(csv, join(root, 'split_csv', '1cls.csv'));
  const folders = new Set(rows.flatMap(([, , , image, mask]) => [image, mask].filter(Boolean).map(dirname)));
  for (const folder of folders) await mkdir(join(root, folder), { recursive: true });
  for (const [i, [, , , image, mask]] of rows.entries()) {
    const pixels = Uint8Array.of(i, i >> 8, i >> 16, 255, 7, 7);
    await writeFile(join(root, image), encodePng(pixels, size));
    // Class ids 1 to 9, a different pattern in each mask.
    const ids = Uint8Array.from({ length: 6 }, (_, k) => ((1 + (i % 63)) >> k) & 1 && 1 + (i % 9));
    if (mask) await writeFile(join(root, mask), encodePng(ids, size));
  }
  console.log(`${rows.length} rows written in ${seconds(began)}`);

  for (const pngs of [false, true]) {
    const out = join(top, pngs ? 'png' : 'prepared');
    began = performance.now();
    const { counts } = await prepareVisa({ root, out, png: pngs });
    console.log(`prepareVisa${pngs ? ' --png' : ''}: ${JSON.stringify(counts)} in ${seconds(began)}`);
    assert.deepEqual(counts, { trainGood: 8659, trainBad: 0, testGood: 962, testBad: 1200, masks: 1200 });

    const total = { train: 0, good: 0, bad: 0 };
    for (const category of new Set(rows.map(([object]) => object))) {
      const raw = await openDataset({ kind: 'visa', root, category });
      const prepared = await openDataset({ kind: 'visa', root: out, category });
      for (const split of ['train', 'test']) {
        const key = ({ label, imagePath }) => `${label} ${stem(imagePath)}`;
        const byKey = new Map(prepared[split].map((sample) => [key(sample), sample]));
        assert.equal(byKey.size, raw[split].length);
        for (const sample of raw[split]) {
          const other = byKey.get(key(sample));
          assert(other, `${sample.id} is not in the prepared set`);
          const [a, b] = await Promise.all([sample, other].map(({ imagePath }) => loadImage(imagePath)));
          assert.deepEqual(a, b, sample.id);
          const masks = await Promise.all([sample, other].map((each) => loadMask(each, { size: [2, 3] })));
          assert(masks[0] && masks[1], `${sample.id} has a mask on both sides`);
          assert.deepEqual(masks[0], masks[1], sample.id);
          if (sample.label === 1) assert(masks[0].includes(255), `${sample.id} marks a pixel`);
          total[split === 'train' ? 'train' : sample.defect]++;
        }
      }
    }
    assert.deepEqual(total, { train: 8659, good: 962, bad: 1200 });
    console.log(`raw and prepared are the same: ${JSON.stringify(total)}`);
  }
} finally {
  await rm(top, { recursive: true });
}
