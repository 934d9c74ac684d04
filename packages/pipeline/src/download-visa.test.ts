import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDataset } from '@ddad/datasets';
import { InterruptedError, type Progress, UserError } from '@ddad/detector';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tarOf } from '../testing/tar-of.js';
import { downloadVisa } from './download-visa.js';

const rows = [
  'object,split,label,image,mask',
  'candle,train,normal,candle/Data/Images/Normal/0000.JPG,',
  'candle,test,anomaly,candle/Data/Images/Anomaly/000.JPG,candle/Data/Masks/Anomaly/000.png',
];
const visa = tarOf([
  { path: 'split_csv/1cls.csv', body: rows.join('\r\n') },
  { path: 'candle/Data/Images/Normal/0000.JPG', body: Buffer.alloc(400_000, 1) },
  { path: 'candle/Data/Images/Anomaly/000.JPG', body: Buffer.alloc(400_000, 2) },
  { path: 'candle/Data/Masks/Anomaly/000.png', body: Buffer.alloc(400_000, 3) },
]);
const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const sha256 = sha(visa);

let out: string;
let server: Server;
let url: string;
let content: Buffer;
/** The connection breaks after so many bytes. */
let breaksAfter: number;
let ranges: string[];

beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'ddad-visa-'));
  content = visa;
  breaksAfter = Number.POSITIVE_INFINITY;
  ranges = [];
  server = createServer((request, response) => {
    ranges.push(request.headers.range ?? '');
    if (request.url !== '/VisA.tar') {
      response.writeHead(404).end();
      return;
    }
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const rest = content.subarray(start);
    const range = { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` };
    response.writeHead(start ? 206 : 200, { 'content-length': rest.length, ...(start ? range : {}) });
    if (breaksAfter >= rest.length) response.end(rest);
    else response.write(rest.subarray(0, breaksAfter), () => setTimeout(() => response.destroy(), 20));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/VisA.tar`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(out, { recursive: true });
});

test('downloads over connections that break, checks, unpacks; the second time nothing is done', async () => {
  breaksAfter = 300_000;
  const progress: Progress[] = [];
  const result = await downloadVisa({ out, url, sha256, onProgress: (p) => progress.push(p) });
  expect(result).toEqual({ root: join(out, 'VisA'), reused: false });
  expect(ranges.length).toBeGreaterThan(3);
  expect(await readdir(out)).toEqual(['VisA']);
  const image = await readFile(join(out, 'VisA/candle/Data/Images/Anomaly/000.JPG'));
  expect(image.equals(Buffer.alloc(400_000, 2))).toBe(true);
  const { train, test } = await openDataset({ kind: 'visa', root: result.root, category: 'candle' });
  expect([train.length, test.length]).toEqual([1, 1]);

  const bytes = progress.filter(({ phase }) => phase === 'download').map(({ done }) => done);
  expect(bytes).toEqual([...bytes].sort((a, b) => a - b));
  expect(bytes.at(-1)).toBe(visa.length);
  expect(progress.at(-1)).toEqual({ phase: 'unpack', done: 4, total: 4 });

  const requests = ranges.length;
  expect(await downloadVisa({ out, url, sha256 })).toEqual({ ...result, reused: true });
  expect(ranges).toHaveLength(requests);
});

test('an interrupted download goes on in the next call', async () => {
  const controller = new AbortController();
  const run = { signal: controller.signal, onProgress: () => controller.abort() };
  await expect(downloadVisa({ out, url, sha256, ...run })).rejects.toThrow(InterruptedError);
  const { size } = await stat(join(out, 'VisA_20220922.tar.part'));
  expect(size).toBeGreaterThan(0);
  const notices: string[] = [];
  await downloadVisa({ out, url, sha256, onNotice: (line) => notices.push(line) });
  expect(ranges).toEqual(['', `bytes=${size}-`]);
  expect(notices.join()).toContain('going on with');
});

test('a wrong hash leaves nothing, and nothing is unpacked', async () => {
  content = Buffer.from(visa);
  content[5000]! ^= 1;
  const failure = downloadVisa({ out, url, sha256 });
  await expect(failure).rejects.toThrow(`expected ${sha256}`);
  await expect(failure).rejects.toThrow(UserError);
  expect(await readdir(out)).toEqual([]);
});

test('a hostile archive of the right hash is refused, nothing is written', async () => {
  content = tarOf([
    { path: 'split_csv/1cls.csv', body: rows.join('\r\n') },
    { path: '../evil', body: 'x' },
  ]);
  await expect(downloadVisa({ out, url, sha256: sha(content) })).rejects.toThrow('"../evil" leads outside');
  expect(await readdir(out)).toEqual(['VisA_20220922.tar']);
  expect(existsSync(join(out, '..', 'evil'))).toBe(false);
  content = visa;
  await rm(join(out, 'VisA_20220922.tar'));
  await expect(downloadVisa({ out, url, sha256, maxBytes: 1_000_000 })).rejects.toThrow('1000000 bytes');
});

test('an archive that lies there already is checked and used, another one is not', async () => {
  await writeFile(join(out, 'VisA_20220922.tar'), visa);
  await downloadVisa({ out, url, sha256 });
  expect(ranges).toEqual([]);
  const other = join(out, 'other');
  content = tarOf([{ path: 'x', body: 'x' }]);
  await expect(downloadVisa({ out: other, url, sha256: sha(content) })).rejects.toThrow('is not VisA');
  await expect(downloadVisa({ out: other, url, sha256 })).rejects.toThrow(/has sha256 .*delete it/);
});

test('says what is wrong with the address, the hash or the folder', async () => {
  const missing = url.replace('VisA', 'none');
  await expect(downloadVisa({ out, url: missing, sha256 })).rejects.toThrow('the server answers 404');
  await expect(downloadVisa({ out, url: 'file:///etc/passwd' })).rejects.toThrow("got 'file:///etc/passwd'");
  await expect(downloadVisa({ out, url, sha256: 'abc' })).rejects.toThrow('needs 64 hexadecimal digits');
  await writeFile(join(out, 'file'), '');
  await expect(downloadVisa({ out: join(out, 'file'), url })).rejects.toThrow('cannot write');
  await rm(join(out, 'file'));
  await mkdir(join(out, 'VisA'));
  await expect(downloadVisa({ out, url })).rejects.toThrow('holds no VisA');
});
