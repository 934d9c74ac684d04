import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readSafetensors } from './read-safetensors.js';
import { readTorch } from './read-torch.js';
import { torchFormat } from './torch/load.js';

/** Files made to run code, to exhaust memory or to confuse; none may do more than throw. */

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );
const u32 = (value: number) => [...new Uint8Array(new Uint32Array([value]).buffer)];
const u64 = (value: bigint) => [...new Uint8Array(new BigUint64Array([value]).buffer)];
const text = (value: string) => bytes('X', u32(value.length), value).toString('latin1');

const proto2 = '\x80\x02';
const magic = bytes([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]);
const system = (little: boolean) => `${proto2}}${text('little_endian')}${little ? '\x88' : '\x89'}s.`;

function zip(pickle: Uint8Array | string, more: Record<string, Uint8Array> = {}): Uint8Array {
  return zipSync(
    { 'a/data.pkl': typeof pickle === 'string' ? bytes(pickle) : pickle, ...more },
    { level: 0 },
  );
}
function legacy(pickle: Uint8Array | string, tail = `${proto2}].`): Uint8Array {
  const object = typeof pickle === 'string' ? bytes(pickle) : pickle;
  return Buffer.concat([magic, bytes(`${proto2}M\xe9\x03.`), bytes(system(true)), object, bytes(tail)]);
}

/** A dict with one tensor over a storage "0" of `count` floats. */
function tensorPickle(count: number, offset: number, shape: number[], strides: number[], repeat = 1): Buffer {
  const integer = (value: number) =>
    value < 2 ** 31 ? bytes('J', u32(value)) : bytes([0x8a, 8], u64(BigInt(value)));
  const tuple = (values: number[]) => Buffer.concat([bytes('('), ...values.map(integer), bytes('t')]);
  const one = (name: string, from: number) =>
    Buffer.concat([
      bytes(text(name), 'ctorch._utils\n_rebuild_tensor_v2\n((', text('storage'), 'ctorch\nFloatStorage\n'),
      bytes(text('0'), text('cpu')),
      integer(count),
      bytes('tQ'),
      integer(from),
      tuple(shape),
      tuple(strides),
      bytes('\x89}tRs'),
    ]);
  const items = Array.from({ length: repeat }, (_, i) => one(`t${i}`, offset + i));
  return Buffer.concat([bytes(proto2, '}'), ...items, bytes('.')]);
}

const callables = [
  'os system',
  'posix system',
  'nt system',
  'os popen',
  'os execv',
  'os remove',
  'subprocess Popen',
  'subprocess check_output',
  'builtins eval',
  'builtins exec',
  '__builtin__ eval',
  'builtins __import__',
  'builtins getattr',
  'builtins open',
  'builtins compile',
  'importlib import_module',
  'runpy run_path',
  'pty spawn',
  'socket socket',
  'shutil rmtree',
  'pickle loads',
  'torch load',
  'torch.storage _load_from_bytes',
  'torch.hub load',
  'torch.jit load',
  'numpy load',
  'ctypes CDLL',
  'webbrowser open',
  'functools partial',
  'operator attrgetter',
];
const attacks = callables.flatMap((callable): [string, Uint8Array][] => {
  const [module, name] = callable.split(' ');
  const args = `(${text('touch executed')}tR.`;
  const modern = `\x80\x04\x8c${String.fromCharCode(module.length)}${module}\x8c${String.fromCharCode(name.length)}${name}\x93`;
  return [
    [`${callable} in a zip`, zip(`${proto2}c${module}\n${name}\n${args}`)],
    [`${callable} by protocol 4`, zip(`${modern}${args}`)],
    [`${callable} in a legacy file`, legacy(`${proto2}c${module}\n${name}\n${args}`)],
  ];
});

const storage = (length: number) => ({ 'a/data/0': new Uint8Array(length) });
const many = 300_000;
const damaged: [string, Uint8Array, RegExp][] = [
  ['no bytes', new Uint8Array(0), /got 0 bytes that are neither/],
  ['a bare pickle', bytes(proto2, '}.'), /are neither/],
  ['a picture', bytes('\x89PNG\r\n\x1a\n'), /are neither/],
  ['a zip without pickle', zipSync({ 'a/b': new Uint8Array(1) }), /needs one data.pkl in the zip, got 0/],
  ['two pickles', zip('.', { 'b/data.pkl': bytes('.') }), /got 2/],
  ['big-endian zip', zip(`${proto2}}.`, { 'a/byteorder': bytes('big') }), /"big"-endian/],
  [
    'big-endian legacy',
    Buffer.concat([magic, bytes(`${proto2}M\xe9\x03.`, system(false))]),
    /not written on a little-endian/,
  ],
  ['another version', Buffer.concat([magic, bytes(`${proto2}K\x07.`)]), /has version 7/],
  [
    'an escaping path',
    zip(`${proto2}}.`, { '../../etc/passwd': bytes('x') }),
    /unsafe path "..\/..\/etc\/passwd"/,
  ],
  ['an absolute path', zip(`${proto2}}.`, { '/etc/passwd': bytes('x') }), /unsafe path/],
  ['a Windows path', zip(`${proto2}}.`, { 'C:\\x': bytes('x') }), /unsafe path/],
  ['a path as storage key', pathAsKey(), /holds no "a\/data\/..\/..\/x"/],
  ['a zip bomb', bomb(), /would unfold to 100000\d+: a zip bomb/],
  ['a lying zip', lying(), /inflates to|does not inflate|zip bomb|needs 400 bytes/],
  ['a huge storage', zip(tensorPickle(2 ** 40, 0, [1], [1]), storage(4)), /needs 4398046511104 bytes/],
  ['a huge shape', zip(tensorPickle(1, 0, [2 ** 40, 2 ** 40], [0, 0]), storage(4)), /impossible shape/],
  ['an expanded tensor', zip(tensorPickle(1, 0, [2 ** 30], [0]), storage(4)), /unfold to 4294967296 bytes/],
  [
    'overlapping views',
    zip(tensorPickle(4000, 0, [2000], [1], 1000), storage(16_000)),
    /unfold to \d+ bytes/,
  ],
  [
    'a read past the end',
    zip(tensorPickle(4, 2, [3], [1]), storage(16)),
    /reaches element 4 of a storage of 4/,
  ],
  ['a long stride', zip(tensorPickle(4, 0, [2], [2 ** 50]), storage(16)), /reaches element/],
  [
    'a storage too short',
    zip(tensorPickle(4, 0, [4], [1]), storage(12)),
    /needs 16 bytes, the file holds 12/,
  ],
  ['a list in itself', zip(`${proto2}]q\0h\0a.`), /does not hold a dict of tensors/],
  ['a dict in itself', zip(`${proto2}}q\0${text('state_dict')}h\0s.`), /cannot tell which entry/],
  ['a name 100,000 tuples deep', zip(`${proto2}})${'\x85'.repeat(100_000)}K\x01s.`), /1 entries: an object/],
  ['a tensor named by a tuple', zip(named(')'), storage(0)), /a tensor whose name is no text/],
  ['two tensors of one name', zip(named('K\x01', text('1')), storage(0)), /two tensors are named "1"/],
  ['a key that is a cycle', zip(`${proto2}}]q\0h\0aK\x01s.`), /cannot tell|key/],
  [
    'a million steps',
    zip(Buffer.concat([bytes(proto2), Buffer.alloc(1_000_000, '}'), bytes('.')])),
    /300000 steps/,
  ],
  [
    'many marks',
    zip(Buffer.concat([bytes(proto2), Buffer.alloc(many, '('), bytes('.')])),
    /more than 300000 steps/,
  ],
  ['a huge string', zip(`${proto2}X\xff\xff\xff\xff`), /ends too early/],
  ['a huge string of 64 bits', zip(bytes(proto2, [0x8d], u64(2n ** 63n))), /ends too early/],
  ['a huge integer', zip(bytes(proto2, [0x8b], u32(2 ** 31), '\0\0')), /integer of 2147483648 bytes/],
  ['an endless name', zip(Buffer.concat([bytes('c'), Buffer.alloc(100_000, 'a')])), /endless name/],
  ['an empty stack', zip('\x80\x02R.'), /empty stack/],
  ['an unknown memo', zip('\x80\x02h\x05.'), /recalls 5/],
  ['an extension code', zip('\x80\x02\x82\x01.'), /refuses the pickle opcode 0x82 at byte 2/],
  ['an instance opcode', zip('\x80\x02(ios\nsystem\n.'), /opcode 0x69/],
  ['a new object', zip('\x80\x02ctorch\nSize\n)\x81.'), /refuses an object of torch.Size/],
  ['an object with attributes', zip(`\x80\x02]}b.`), /sets attributes of what is no OrderedDict/],
  ['a called storage class', zip('\x80\x02ctorch\nFloatStorage\n)R.'), /refuses to call torch.FloatStorage/],
  ['another persistent id', zip(`${proto2}(${text('module')}tQ.`), /refers to a "module"/],
];

/** A dict of one tensor under each of these keys. */
function named(...keys: string[]): Uint8Array {
  const id = `(${text('storage')}ctorch\nFloatStorage\n${text('0')}${text('cpu')}K\0tQ`;
  const tensor = `ctorch._utils\n_rebuild_tensor_v2\n(${id}K\0K\0\x85K\x01\x85\x89}tR`;
  return bytes(`${proto2}}`, ...keys.map((key) => `${key}${tensor}s`), '.');
}
function pathAsKey(): Uint8Array {
  const storageId = `(${text('storage')}ctorch\nFloatStorage\n${text('../../x')}${text('cpu')}K\x01tQ`;
  const call = `ctorch._utils\n_rebuild_tensor_v2\n(${storageId}K\0K\x01\x85K\x01\x85\x89}tR`;
  return zip(`${proto2}}${text('w')}${call}s.`);
}
function bomb(): Uint8Array {
  return zipSync({ 'a/data.pkl': new Uint8Array(100_000_000) }, { level: 9 });
}
/** A deflated storage of 100,000 bytes whose directory says 400. */
function lying(): Uint8Array {
  const file = zipSync(
    { 'a/data.pkl': [tensorPickle(100, 0, [100], [1]), { level: 0 }], 'a/data/0': new Uint8Array(100_000) },
    { level: 9 },
  );
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 0; at + 4 < file.length; at++) {
    if (view.getUint32(at, true) === 0x02014b50 && view.getUint32(at + 24, true) === 100_000) {
      view.setUint32(at + 24, 399, true);
    }
  }
  return file;
}

/** Uniform in [0, 1). */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('hostile files', () => {
  it('are at least a hundred', () => expect(attacks.length + damaged.length).toBeGreaterThanOrEqual(100));

  it.each(attacks)('%s is refused by name', (name, file) => {
    const [module, callable] = name.split(' ');
    const full = `${module === '__builtin__' ? 'builtins' : module}.${callable}`;
    expect(() => readTorch(file)).toThrow(`readTorch: refuses ${full}: only tensors and plain containers`);
    expect(existsSync('executed')).toBe(false);
  });

  it.each(damaged)('%s is refused', (_, file, message) => {
    expect(() => readTorch(file)).toThrow(message);
  });

  it('cut short at any byte are refused', () => {
    for (const name of ['views-zip.pth', 'views-legacy.pth', 'views.safetensors']) {
      const whole = fixture(name);
      const read = name.endsWith('.pth') ? readTorch : readSafetensors;
      for (let length = 0; length < whole.length; length += 7) {
        expect(() => read(whole.subarray(0, length)), `${name} to ${length}`).toThrow(
          /^read(Torch|Safetensors): /,
        );
      }
    }
  });

  it('with flipped bytes give an error of ours or tensors, never another failure', () => {
    for (const name of ['views-zip.pth', 'checkpoint-legacy.pth']) {
      const whole = fixture(name);
      for (let at = 0; at < whole.length; at += 3) {
        const damagedFile = whole.slice();
        damagedFile[at] ^= 0xff >> (at % 8);
        try {
          readTorch(damagedFile);
        } catch (error) {
          expect((error as Error).message, `${name} at ${at}`).toMatch(/^readTorch: /);
        }
      }
    }
  });

  it('damaged in many ways give an error of ours or tensors, of every format', () => {
    const random = mulberry32(1);
    const below = (n: number) => Math.floor(random() * n);
    const lies = [0n, 1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n];
    const names = readdirSync(new URL('../fixtures', import.meta.url)).filter(
      (name) => !/^refused/.test(name),
    );
    let refused = 0;
    for (let i = 0; i < 400; i++) {
      const whole = fixture(names[below(names.length)]);
      const end = below(3) ? whole.length : below(whole.length);
      const at = below(end);
      const damage = u64(lies[below(lies.length)]).slice(0, [1, 2, 4, 8][below(4)]);
      const file = whole.slice(0, end);
      if (below(2)) file.set(damage.slice(0, end - at), at);
      else for (let k = 0; k < 4; k++) file[below(Math.min(end, 1500))] ^= 1 << below(8);
      try {
        (torchFormat(file) ? readTorch : readSafetensors)(file);
      } catch (error) {
        refused++;
        expect((error as Error).message, `file ${i}`).toMatch(/^(readTorch|readSafetensors): /);
      }
    }
    expect(refused).toBeGreaterThan(200);
  });

  it('take little memory: a process of its own that reads all of them stays below 200 MB', () => {
    const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
    const files = [...attacks, ...damaged].map(([, file]) => file);
    for (const [i, file] of files.entries()) writeFileSync(join(folder, `${i}`), file);
    // the package as users have it, built before the tests
    const program = `
      import { readdirSync, readFileSync } from 'node:fs';
      import { readTorch } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
      let refused = 0;
      for (const name of readdirSync('.')) {
        try { readTorch(readFileSync(name)); } catch (error) { refused += error.message.startsWith('readTorch: '); }
      }
      // on Linux maxRSS begins with what the parent had when it forked
      const kilobytes = process.platform === 'linux'
        ? readFileSync('/proc/self/status', 'utf8').match(/VmHWM:\\s+(\\d+)/)[1]
        : process.resourceUsage().maxRSS;
      console.log(JSON.stringify({ refused, megabytes: kilobytes / 1024 }));`;
    // the young generation of one size, which versions of Node choose differently
    const flags = ['--max-semi-space-size=8', '--input-type=module'];
    const { stdout, stderr } = spawnSync(process.execPath, [...flags, '-e', program], {
      cwd: folder,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    const { refused, megabytes } = JSON.parse(stdout);
    rmSync(folder, { recursive: true });
    expect(refused).toBe(files.length);
    expect(megabytes).toBeLessThan(200);
  });
});
