import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadImage, resize } from '@ddad/datasets';

const folder = process.argv[2];
const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'));
let values = 0;
let different = 0;
let largest = 0;
for (const [i, { size, ...shape }] of plan.entries()) {
  const data = new Uint8Array(readFileSync(join(folder, `${i}.in`)));
  for (const method of ['bilinear', 'nearest']) {
    const got = resize({ data, ...shape }, { size, method }).data;
    const expected = readFileSync(join(folder, `${i}.${method}`));
    values += expected.length;
    for (let k = 0; k < expected.length; k++) {
      if (got[k] === expected[k]) continue;
      different++;
      largest = Math.max(largest, Math.abs(got[k] - expected[k]));
    }
  }
}

let jpegs = 0;
let jpegLargest = 0;
for (const [i, { size }] of plan.entries()) {
  if (!existsSync(join(folder, `${i}.jpg`))) continue;
  jpegs++;
  const got = (await loadImage(join(folder, `${i}.jpg`), { size })).data;
  const expected = readFileSync(join(folder, `${i}.jpeg`));
  for (let k = 0; k < expected.length; k++)
    jpegLargest = Math.max(jpegLargest, Math.abs(got[k] - expected[k]));
}
console.log(`${different} of ${values} values differ, by at most ${largest}`);
console.log(`${jpegs} JPEG files, decoded and resized, differ by at most ${jpegLargest}`);
process.exitCode = different > 0 || jpegLargest > 2 ? 1 : 0;
