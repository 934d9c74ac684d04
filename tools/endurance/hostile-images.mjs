// Damages images in every way (cut, flipped bits, zeroed bytes, empty, foreign content, wrong extension, headers that
// claim 30,000 x 30,000 pixels) and loads them all in worker threads, one by one and together.
//
//     npm run build -w @ddad/datasets && node tools/endurance/hostile-images.mjs [count] [seed] [folder]
//
// `count` of each format: PNG, JPEG, BMP, TIFF and WebP, from the fixtures of @ddad/images and the files that
// tools/peers/decode-vs-pillow/generate.py wrote to `folder`. Every file must give an image or an error that names it,
// within 2 s, and the process stay below 300 MiB. Prints how many of each, the slowest file and the largest resident
// size; exits 1 on anything else.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImage, loadImages } from '@ddad/datasets';

const count = Number(process.argv[2] ?? 200);
const more = process.argv[4];
let state = Number(process.argv[3] ?? 1);
/** Uniform in [0, n): mulberry32. */
const below = (n) => {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
};

/** Whole files by format. */
const sources = { png: [], jpeg: [], bmp: [], tiff: [], webp: [] };
const FIRST = { 137: 'png', 255: 'jpeg', 66: 'bmp', 73: 'tiff', 77: 'tiff', 82: 'webp' };
const addSource = (name, bytes) => sources[FIRST[bytes[0]]]?.push({ name, bytes });
const fixtures = new URL('../../packages/images/fixtures/', import.meta.url);
for (const [name, { file }] of Object.entries(JSON.parse(await readFile(new URL('decode.json', fixtures))))) {
  addSource(name, Buffer.from(file, 'base64'));
}
for (const name of await readdir(new URL('cases/', fixtures))) {
  addSource(name, await readFile(new URL(`cases/${name}`, fixtures)));
}
if (more) {
  for (const { name, kind } of JSON.parse(await readFile(join(more, 'plan.json')))) {
    addSource(kind, await readFile(join(more, name)));
  }
}

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
  'extreme values': (bytes) => {
    for (let k = 0; k < 1 + below(3); k++) {
      const extreme = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff][below(5)];
      const at = below(Math.min(512, bytes.length - 4));
      if (below(2)) bytes.writeUInt32LE(extreme, at);
      else bytes.writeUInt16LE(extreme & 0xffff, at);
    }
    return bytes;
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
  } else if (bytes[0] === 0x52) {
    // The bare lossy kind; its largest size is smaller.
    if (bytes[15] === 0x20) bytes.writeUInt32LE(0x3fff3fff, 26);
  } else if (bytes[0] === 0xff) {
    const at = bytes.findIndex(
      (byte, i) => byte === 0xff && (bytes[i + 1] === 0xc0 || bytes[i + 1] === 0xc2),
    );
    view.setUint16(at + 5, side);
    view.setUint16(at + 7, side);
  } else {
    const little = bytes[0] === 0x49;
    if (view.getUint16(2, little) !== 42) return bytes;
    const directory = view.getUint32(4, little);
    for (let i = 0; i < view.getUint16(directory, little); i++) {
      const entry = directory + 2 + 12 * i;
      if (![256, 257].includes(view.getUint16(entry, little))) continue;
      view.setUint16(entry + 2, 4, little);
      view.setUint32(entry + 8, side, little);
    }
  }
  return bytes;
}

const folder = await mkdtemp(join(tmpdir(), 'ddad-hostile-'));
const EXTENSIONS = { png: 'png', jpeg: 'jpg', bmp: 'bmp', tiff: 'tif', webp: 'webp' };
const kinds = Object.keys(damages);
const outcome = Object.fromEntries(Object.keys(sources).map((format) => [format, { images: 0, errors: 0 }]));
const FAULTS = [TypeError, RangeError, ReferenceError];
let slowest = { ms: 0 };
let wrong = 0;
const complain = (what) => {
  wrong++;
  console.log(what);
};
try {
  const samples = [];
  const baseline = process.memoryUsage().rss;
  for (let i = 0; i < count * Object.keys(sources).length; i++) {
    const format = Object.keys(sources)[i % 5];
    const damage = kinds[Math.floor(i / 5) % kinds.length];
    const { name, bytes } = sources[format][below(sources[format].length)];
    const named = damage === 'wrong extension' ? Object.keys(EXTENSIONS)[below(5)] : format;
    const imagePath = join(folder, `${i}.${EXTENSIONS[named]}`);
    await writeFile(imagePath, damages[damage](Buffer.from(bytes)));
    const what = `${damage} of ${name}`;
    samples.push({ imagePath, what });

    const began = performance.now();
    try {
      const { data } = await loadImage(imagePath, { size: [16, 16] });
      if (data.length !== 768) throw new Error('wrong length');
      outcome[format].images++;
    } catch (error) {
      outcome[format].errors++;
      const isOurs = FAULTS.some((fault) => error instanceof fault || error.cause instanceof fault);
      if (isOurs || !error.message.includes(imagePath)) complain(`${what}: ${error.message}`);
    }
    const ms = performance.now() - began;
    if (ms > slowest.ms) slowest = { ms, what };
  }
  const peak = process.resourceUsage().maxRSS * 1024;
  const { samples: loaded, skipped } = await loadImages(samples, {
    size: [16, 16],
    workers: 2,
    skipBad: true,
  });
  const images = Object.values(outcome).reduce((sum, each) => sum + each.images, 0);
  console.table(outcome);
  console.log(`in worker threads: ${loaded.length} images, ${skipped.length} errors`);
  for (const { sample, reason } of skipped) {
    if (!reason.includes(sample.imagePath)) complain(`${sample.what}: ${reason}`);
  }
  if (loaded.length !== images) complain('other images in worker threads');
  const mebibytes = (bytes) => (bytes / 2 ** 20).toFixed(0);
  console.log(
    `slowest: ${slowest.ms.toFixed(0)} ms (${slowest.what}); largest resident size ${mebibytes(peak)} MiB ` +
      `(${mebibytes(baseline)} before the first image; with two worker threads ` +
      `${mebibytes(process.resourceUsage().maxRSS * 1024)})`,
  );
  if (slowest.ms > 2000) complain('more than 2 s');
  if (peak > 300 * 2 ** 20) complain('more than 300 MiB');
} finally {
  await rm(folder, { recursive: true });
}
console.log(wrong ? `${wrong} wrong` : 'every file gave an image or an error that names it');
process.exitCode = wrong ? 1 : 0;
