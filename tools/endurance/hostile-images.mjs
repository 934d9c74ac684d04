// Damages images in every way (cut, flipped bits, zeroed bytes, empty, foreign content, wrong extension, headers that
// claim 30,000 x 30,000 pixels) and loads them all in worker threads, one by one and together.
//
//     npm run build -w @ddad/datasets && node tools/endurance/hostile-images.mjs [count] [seed]
//
// Every file must give an image or an error that names it. Prints how many of each, the slowest file and the largest
// resident size; exits 1 on anything else.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage, loadImages } from '@ddad/datasets';

const count = Number(process.argv[2] ?? 500);
let state = Number(process.argv[3] ?? 1);
/** Uniform in [0, n): mulberry32. */
const below = (n) => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
};

const fixtures = JSON.parse(
  await readFile(new URL('../../packages/images/fixtures/decode.json', import.meta.url), 'utf8'),
);
const names = Object.keys(fixtures);

const damages = {
  cut: (bytes) => bytes.subarray(0, below(bytes.length)),
  'flipped bits': (bytes) => {
    for (let k = 0; k < 1 + below(8); k++) bytes[below(bytes.length)] ^= 1 << below(8);
    return bytes;
  },
  'flipped bits in the header': (bytes) => {
    for (let k = 0; k < 1 + below(4); k++) bytes[below(Math.min(64, bytes.length))] ^= 1 << below(8);
    return bytes;
  },
  'zeroed bytes': (bytes) => {
    const from = below(bytes.length);
    return bytes.fill(0, from, Math.min(bytes.length, from + 1 + below(200)));
  },
  empty: () => Buffer.alloc(0),
  'all zero': (bytes) => bytes.fill(0),
  'foreign content': (bytes) =>
    Buffer.concat([bytes.subarray(0, 2 + below(30)), Buffer.from('text '.repeat(50))]),
  'wrong extension': (bytes) => bytes,
  'a header of 30,000 x 30,000': huge,
};

/** Writes the size wherever this format keeps it. */
function huge(bytes) {
  const side = 30_000;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes[0] === 0x89) {
    view.setUint32(16, side);
    view.setUint32(20, side);
    let crc = ~0;
    for (const byte of bytes.subarray(12, 29)) {
      crc ^= byte;
      for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
    }
    view.setUint32(29, ~crc >>> 0);
  } else if (bytes[0] === 0x42) {
    view.setInt32(18, side, true);
    view.setInt32(22, side, true);
  } else if (bytes[0] === 0xff) {
    const at = bytes.findIndex(
      (byte, i) => byte === 0xff && (bytes[i + 1] === 0xc0 || bytes[i + 1] === 0xc2),
    );
    view.setUint16(at + 5, side);
    view.setUint16(at + 7, side);
  } else {
    const directory = view.getUint32(4, true);
    for (let i = 0; i < view.getUint16(directory, true); i++) {
      const entry = directory + 2 + 12 * i;
      if (![256, 257].includes(view.getUint16(entry, true))) continue;
      view.setUint16(entry + 2, 4, true);
      view.setUint32(entry + 8, side, true);
    }
  }
  return bytes;
}

const folder = await mkdtemp(join(tmpdir(), 'ddad-hostile-'));
const extensions = ['png', 'jpg', 'bmp', 'tif', 'JPEG'];
const outcome = Object.fromEntries(Object.keys(damages).map((name) => [name, { images: 0, errors: 0 }]));
let slowest = { ms: 0 };
let wrong = 0;
try {
  const samples = [];
  const baseline = process.memoryUsage().rss;
  for (let i = 0; i < count; i++) {
    const damage = Object.keys(damages)[i % Object.keys(damages).length];
    const name = names[below(names.length)];
    const extension =
      damage === 'wrong extension' ? extensions[below(extensions.length)] : name.split('.').at(-1);
    const imagePath = join(folder, `${i}.${extension}`);
    await writeFile(imagePath, damages[damage](Buffer.from(fixtures[name].file, 'base64')));
    samples.push({ imagePath, damage, name });

    const began = performance.now();
    try {
      const { data } = await loadImage(imagePath, { size: [16, 16] });
      if (data.length !== 768) throw new Error('wrong length');
      outcome[damage].images++;
    } catch (error) {
      outcome[damage].errors++;
      if (!error.message.includes(imagePath)) {
        wrong++;
        console.log(`${damage} of ${name}: ${error.message}`);
      }
    }
    const ms = performance.now() - began;
    if (ms > slowest.ms) slowest = { ms, damage, name };
  }
  const { samples: loaded, skipped } = await loadImages(samples, {
    size: [16, 16],
    workers: 2,
    skipBad: true,
  });
  const images = Object.values(outcome).reduce((sum, each) => sum + each.images, 0);
  console.table(outcome);
  console.log(`in worker threads: ${loaded.length} images, ${skipped.length} errors`);
  for (const { sample, reason } of skipped) {
    if (reason.includes(sample.imagePath)) continue;
    wrong++;
    console.log(`${sample.damage} of ${sample.name}: ${reason}`);
  }
  if (loaded.length !== images) wrong++;
  const mebibytes = (bytes) => (bytes / 2 ** 20).toFixed(0);
  console.log(
    `slowest: ${slowest.ms.toFixed(0)} ms (${slowest.damage} of ${slowest.name}); largest resident size ` +
      `${mebibytes(process.resourceUsage().maxRSS * 1024)} MiB, ${mebibytes(baseline)} before the first image`,
  );
} finally {
  await rm(folder, { recursive: true });
}
console.log(wrong ? `${wrong} wrong` : 'every file gave an image or an error that names it');
process.exitCode = wrong ? 1 : 0;
