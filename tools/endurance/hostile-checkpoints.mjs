// Damages checkpoints in every way (zip, legacy .pth, safetensors: flipped bits, cuts, zeroed and repeated bytes, sizes
// that lie, two files in one) and makes hostile ones (deep, wide and cyclic pickles, zip bombs, deep JSON, views that
// unfold), and reads them all with `readStateDict` in a process of its own.
//
//     npm run build -w @ddad/weights && node tools/endurance/hostile-checkpoints.mjs [count] [seed]
//
// Every file must give tensors or an error that names it, within 2 seconds and with at most 300 MB in the process. Prints
// how many of each, the slowest file and the largest resident size; exits 1 on anything else.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readStateDict, writeSafetensors, writeTorch } from '@ddad/weights';

const secondsAllowed = 2;
const megabytesAllowed = 300;

if (process.argv[2] === '--reader') {
  process.on('message', async (path) => {
    const began = performance.now();
    let tensors = 0;
    let message;
    try {
      tensors = (await readStateDict(path)).size;
    } catch (error) {
      message = error.message.slice(0, 10_000);
    }
    const ms = performance.now() - began;
    process.send({ tensors, message, ms, megabytes: process.resourceUsage().maxRSS / 1024 });
  });
} else {
  await main(Number(process.argv[2] ?? 500), Number(process.argv[3] ?? 1));
}

async function main(count, seed) {
  let state = seed;
  /** Uniform in [0, n): mulberry32. */
  const below = (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
  const originals = await makeOriginals();
  const kinds = { ...damages(below, originals), ...hostile(below) };
  const folder = await mkdtemp(join(tmpdir(), 'ddad-hostile-'));
  const outcome = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, { tensors: 0, errors: 0 }]));
  const worst = { ms: 0, megabytes: 0, slowest: '' };
  let wrong = 0;
  const fault = (text) => {
    wrong++;
    console.log(text);
  };
  const child = reader();
  try {
    for (let i = 0; i < count; i++) {
      const kind = Object.keys(kinds)[i % Object.keys(kinds).length];
      const path = join(folder, `${i}.pth`);
      await writeFile(path, kinds[kind](Buffer.from(originals[below(originals.length)])));
      const reply = await child.read(path);
      if (typeof reply === 'string') fault(`${kind} (file ${i}): ${reply}`);
      else if (reply.message === undefined) outcome[kind].tensors++;
      else {
        outcome[kind].errors++;
        const isOurs = / (readTorch|readSafetensors): | is neither safetensors nor /.test(reply.message);
        if (!reply.message.includes(path) || !isOurs) fault(`${kind} (file ${i}): ${reply.message}`);
      }
      if (reply.ms > worst.ms) Object.assign(worst, { ms: reply.ms, slowest: kind });
      if (reply.megabytes > worst.megabytes) {
        worst.megabytes = reply.megabytes;
        if (reply.megabytes > megabytesAllowed)
          fault(`${kind} (file ${i}): ${Math.round(reply.megabytes)} MB`);
      }
      await rm(path);
    }
  } finally {
    child.end();
    await rm(folder, { recursive: true });
  }
  console.table(outcome);
  console.log(
    `${count} files, seed ${seed}: slowest ${Math.round(worst.ms)} ms (${worst.slowest}), ` +
      `at most ${Math.round(worst.megabytes)} MB resident, ${wrong} wrong`,
  );
  process.exitCode = wrong > 0 ? 1 : 0;
}

/** A process that reads what it is told, and is replaced where it crashes or hangs. */
function reader() {
  let child;
  const start = () => {
    child ??= fork(fileURLToPath(import.meta.url), ['--reader']);
    return child;
  };
  return {
    async read(path) {
      const current = start();
      current.send(path);
      const abort = new AbortController();
      const timer = setTimeout(() => abort.abort(), 1000 * secondsAllowed);
      try {
        const answer = await Promise.race([
          once(current, 'message', { signal: abort.signal }).then(([reply]) => reply),
          once(current, 'exit', { signal: abort.signal }).then(
            ([code, signal]) => `crashed (${code ?? signal})`,
          ),
        ]);
        if (typeof answer === 'string') child = undefined;
        return answer;
      } catch (error) {
        if (error.name !== 'AbortError') throw error;
        current.kill('SIGKILL');
        child = undefined;
        return `takes more than ${secondsAllowed} s`;
      } finally {
        clearTimeout(timer);
        abort.abort();
      }
    },
    end: () => child?.kill(),
  };
}

/** The fixtures of every format, and larger files of each. */
async function makeOriginals() {
  const fixtures = new URL('../../packages/weights/fixtures/', import.meta.url);
  const names = (await readdir(fixtures)).filter((name) => !name.startsWith('refused'));
  const files = await Promise.all(names.map((name) => readFile(new URL(name, fixtures))));
  const large = new Map(
    Array.from({ length: 60 }, (_, i) => [
      `layer${i}.weight`,
      {
        dtype: 'F32',
        shape: [64, 64, 3],
        data: Float32Array.from({ length: 12_288 }, (_, k) => (k * i) % 7),
      },
    ]),
  );
  return [...files, writeTorch(large), writeSafetensors(large, { epoch: '3' })];
}

function damages(below, originals) {
  const isText = (bytes) => bytes[8] === 0x7b;
  /** Where the directory, the pickle or the header is: at the beginning, in a zip also at the end. */
  const inHead = (bytes) => {
    const reach = Math.min(bytes.length, isText(bytes) ? 8 + bytes.readUInt32LE(0) : 1500);
    return bytes[0] === 0x50 && below(2) ? bytes.length - 1 - below(reach) : below(reach);
  };
  return {
    cut: (bytes) => bytes.subarray(0, below(bytes.length)),
    'cut at its beginning': (bytes) => bytes.subarray(below(100)),
    'flipped bits': (bytes) => {
      for (let k = 0; k <= below(8); k++) bytes[below(bytes.length)] ^= 1 << below(8);
      return bytes;
    },
    'flipped bits in the structure': (bytes) => {
      for (let k = 0; k <= below(4); k++) bytes[inHead(bytes)] ^= 1 << below(8);
      return bytes;
    },
    'random bytes in the structure': (bytes) => {
      for (let k = 0; k <= below(6); k++) bytes[inHead(bytes)] = below(256);
      return bytes;
    },
    'zeroed bytes': (bytes) => {
      const from = below(bytes.length);
      return bytes.fill(0, from, Math.min(bytes.length, from + 1 + below(200)));
    },
    'a repeated piece': (bytes) => {
      const from = inHead(bytes);
      const piece = bytes.subarray(from, from + 1 + below(300));
      return Buffer.concat([bytes.subarray(0, from), piece, piece, bytes.subarray(from)]);
    },
    'a size that lies': (bytes) => {
      const sizes = [
        0xffffffffn,
        0x7fffffffn,
        0x80000000n,
        2n ** 53n,
        2n ** 63n,
        2n ** 64n - 1n,
        0n,
        10n ** 8n,
      ];
      const value = Buffer.alloc(8);
      value.writeBigUInt64LE(sizes[below(sizes.length)]);
      value.copy(bytes, inHead(bytes), 0, [1, 2, 4, 8][below(4)]);
      return bytes;
    },
    'another number in the header': (bytes) => {
      if (!isText(bytes)) return bytes.subarray(0, below(bytes.length));
      const end = 8 + bytes.readUInt32LE(0);
      const numbers = [-1, 0, 1, 2 ** 31, 2 ** 53, 1e300, 0.5, '"8"', '[]', '{}', null, '1e999'];
      let nth = below(20);
      const header = bytes
        .toString('latin1', 8, end)
        .replace(/\d+/g, (number) => (nth-- === 0 ? numbers[below(numbers.length)] : number));
      return safetensors(header, bytes.subarray(end));
    },
    'two files in one': (bytes) => {
      const other = originals[below(originals.length)];
      return Buffer.concat([bytes.subarray(0, below(bytes.length)), other.subarray(below(other.length))]);
    },
  };
}

function hostile(below) {
  const { zipSync } = createRequire(new URL('../../packages/weights/package.json', import.meta.url))(
    'fflate',
  );
  const magic = Buffer.from('80028a0a6cfc9c46f920 6aa850192e8002 4de9032e'.replaceAll(' ', ''), 'hex');
  const system = Buffer.concat([
    Buffer.from('80027d580d000000', 'hex'),
    Buffer.from('little_endian\x88s.', 'latin1'),
  ]);
  const wrap = (pickle, level = 0) => {
    const body = Buffer.isBuffer(pickle) ? pickle : Buffer.from(`\x80\x02${pickle}`, 'latin1');
    if (below(3) === 0) return Buffer.concat([magic, system, body, Buffer.from('80025d2e', 'hex')]);
    return Buffer.from(zipSync({ 'a/data.pkl': body }, { level }));
  };
  const depth = () => 1000 * 10 ** below(3) - 1;
  const key = 'X\x01\0\0\0k';
  const u32 = (value) => String.fromCharCode(...new Uint8Array(new Uint32Array([value]).buffer));
  return {
    'nested lists': () => wrap(`${']'.repeat(depth())}${'a'.repeat(depth())}.`),
    'nested tuples': () => {
      const n = depth();
      return wrap(`}${')'}${'\x85'.repeat(n)}K\x01s.`);
    },
    'nested tuples as a value': () => wrap(`}${key})${'\x85'.repeat(depth())}s.`),
    'nested dicts': () => {
      const n = Math.min(depth(), 40_000);
      return wrap(`${`}${key}`.repeat(n)}N${'s'.repeat(n)}.`);
    },
    'nested dicts with a stray tensor': () =>
      wrap(`}${key}${`}${key}`.repeat(30_000)}N${'s'.repeat(30_000)}s.`),
    'lists of the same lists': () =>
      wrap(
        `]q\0${Array.from({ length: 250 }, (_, i) => `]q${String.fromCharCode(i + 1)}h${String.fromCharCode(i)}ah${String.fromCharCode(i)}a`).join('')}.`,
      ),
    'a dict in itself': () => wrap(`}q\0${key}h\0s.`),
    'a tuple in its own dict as a name': () => wrap(`}q\0h\0\x85K\x01s.`),
    'many marks': () => wrap(`${'('.repeat(depth())}t.`),
    'a long name': () => wrap(`}X${u32(2_000_000)}${'n'.repeat(2_000_000)}K\x01s.`),
    'many entries': () => wrap(`}(${Array.from({ length: 90_000 }, (_, i) => `J${u32(i)}N`).join('')}u.`),
    'many objects': () =>
      wrap(
        `}(${Array.from({ length: 40_000 }, (_, i) => `J${u32(i)}cargparse\nNamespace\n)\x81}b`).join('')}u.`,
      ),
    'a pickle that unfolds': () => wrap(Buffer.alloc(50_000_000 * below(3) + 1000, ']'), 9),
    'a zip bomb': () =>
      Buffer.from(
        zipSync(
          { 'a/data.pkl': Buffer.from('\x80\x02}.', 'latin1'), 'a/data/0': new Uint8Array(80_000_000) },
          { level: 9 },
        ),
      ),
    'many members': () =>
      Buffer.from(
        zipSync(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`a/${i}`, new Uint8Array(0)])), {
          level: 0,
        }),
      ),
    'deep JSON': () => {
      const nested = `${'['.repeat(depth())}${']'.repeat(depth())}`;
      const info = { dtype: '"F32"', shape: '[]', data_offsets: '[0,4]' };
      info[['dtype', 'shape', 'data_offsets', 'other'][below(4)]] = nested;
      const fields = Object.entries(info).map(([field, value]) => `"${field}":${value}`);
      return safetensors(`{"a":{${fields}}}`, Buffer.alloc(4));
    },
    'a header of quotes': () => safetensors(`{${'"'.repeat(1e6 + below(3))}`, Buffer.alloc(0)),
    'a header of backslashes': () => safetensors(`{"${'\\'.repeat(1e6 + below(3))}`, Buffer.alloc(0)),
    'a header of spaces': () => safetensors(`{${' '.repeat(5e6)}`, Buffer.alloc(0)),
    'many tensors': () =>
      safetensors(
        `{${Array.from({ length: 50_000 }, (_, i) => `"${i}":{"dtype":"U8","shape":[1],"data_offsets":[${i},${i + 1}]}`)}}`,
        Buffer.alloc(50_000 - below(2)),
      ),
    'many dimensions': () =>
      safetensors(
        `{"a":{"dtype":"U8","shape":[${Array(500_000).fill(1)}],"data_offsets":[0,1]}}`,
        Buffer.alloc(below(3)),
      ),
  };
}

function safetensors(header, data) {
  const text = Buffer.from(header, 'latin1');
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, data]);
}
