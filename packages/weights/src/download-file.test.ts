import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { downloadFile } from './download-file.js';
import { pretrainedPath } from './pretrained-path.js';

const content = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) >> 3));
const sha256 = createHash('sha256').update(content).digest('hex');

let folder: string;
let server: Server;
let url: string;
let path: string;
/** The range header of every request, '' where there was none. */
let requests: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'download-'));
  path = join(folder, 'file.bin');
  requests = [];
  answer = serve;
  server = createServer((request, response) => {
    requests.push(request.headers.range ?? '');
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

/** A server that honours ranges, as RFC 9110 has it; `bytes` are sent before the connection breaks. */
function serve(request: IncomingMessage, response: ServerResponse, bytes = content.length): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (start >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  const rest = content.subarray(start);
  const range = `bytes ${start}-${content.length - 1}/${content.length}`;
  response.writeHead(start ? 206 : 200, {
    'content-length': rest.length,
    ...(start ? { 'content-range': range } : {}),
  });
  if (bytes >= rest.length) response.end(rest);
  else response.write(rest.subarray(0, bytes), () => setTimeout(() => response.destroy(), 20));
}

async function expectWhole(): Promise<void> {
  expect((await readFile(path)).equals(content)).toBe(true);
  expect(existsSync(`${path}.part`)).toBe(false);
}

describe('downloadFile', () => {
  it('reports progress and gives the file its name when it is whole', async () => {
    const seen: number[] = [];
    await downloadFile(url, path, {
      sha256,
      onProgress: ({ receivedBytes, totalBytes }) => {
        expect(totalBytes).toBe(content.length);
        expect(existsSync(path)).toBe(false);
        seen.push(receivedBytes);
      },
    });
    expect(seen.at(-1)).toBe(content.length);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    await expectWhole();
  });

  it('goes on where an aborted download stopped', async () => {
    const abort = new AbortController();
    answer = (request, response) => {
      serve(request, response, 100_000);
      response.on('error', () => {});
    };
    const options = { sha256, signal: abort.signal, onProgress: () => abort.abort(new Error('enough')) };
    await expect(downloadFile(url, path, options)).rejects.toThrow('enough');
    const { size } = await stat(`${path}.part`);
    expect(size).toBeGreaterThan(0);
    expect(existsSync(path)).toBe(false);

    answer = serve;
    await downloadFile(url, path, { sha256 });
    expect(requests).toEqual(['', `bytes=${size}-`]);
    await expectWhole();
  });

  it('takes up a connection that breaks, as long as bytes arrive', async () => {
    answer = (request, response) => serve(request, response, 80_000);
    await downloadFile(url, path, { sha256 });
    expect(requests.length).toBeGreaterThanOrEqual(4);
    await expectWhole();

    answer = (_, response) => response.destroy();
    await expect(downloadFile(url, join(folder, 'other'), { sha256 })).rejects.toThrow(
      `downloadFile: ${url}: fetch failed`,
    );
  });

  it('waits out a server that brings nothing for a while, if bytes have arrived before', async () => {
    answer = (request, response) => {
      if (requests.length === 2 || requests.length === 3) response.destroy();
      else serve(request, response, 200_000);
    };
    await downloadFile(url, path, { sha256 });
    // how much arrives before the connection breaks depends on what else the machine does
    const arrived = Number(/^bytes=(\d+)-$/.exec(requests[1])![1]);
    expect(arrived).toBeGreaterThan(0);
    expect(requests).toEqual(['', ...Array(3).fill(`bytes=${arrived}-`)]);
    await expectWhole();
  }, 10_000);

  it('starts again where the server knows no ranges', async () => {
    await writeFile(`${path}.part`, content.subarray(0, 1000));
    answer = (_, response) => response.end(content);
    await downloadFile(url, path, { sha256 });
    await expectWhole();
  });

  it('needs no byte more where all had arrived, and starts again where too many had', async () => {
    await writeFile(`${path}.part`, content);
    await downloadFile(url, path, { sha256: sha256.slice(0, 8).toUpperCase() });
    await expectWhole();
    await writeFile(`${path}.part`, Buffer.concat([content, content]));
    await downloadFile(url, path, { sha256 });
    await expectWhole();
  });

  it('refuses another file and removes it', async () => {
    answer = (_, response) => response.end('something else');
    await expect(downloadFile(url, path, { sha256 })).rejects.toThrow(
      /^downloadFile: http.* has sha256 [0-9a-f]{64}, expected [0-9a-f]{64}; what arrived was removed/,
    );
    expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false);
  });

  it('says what the server answers', async () => {
    answer = (_, response) => response.writeHead(404).end('gone');
    await expect(downloadFile(url, path, { sha256 })).rejects.toThrow(
      `downloadFile: ${url}: the server answers 404`,
    );
    expect(requests).toHaveLength(1);
  });
});

describe('pretrainedPath', () => {
  beforeEach(() => vi.stubEnv('TORCH_HOME', join(folder, 'torch')));
  afterEach(() => vi.unstubAllEnvs());

  it('returns the cached file without a request', async () => {
    const cached = join(folder, 'resnet18-f37072fd.pth');
    await writeFile(cached, 'weights');
    expect(await pretrainedPath('resnet18', { cacheDir: folder, baseUrl: url })).toBe(cached);
    expect(requests).toEqual([]);
  });

  it.each(['TORCH_HOME', 'XDG_CACHE_HOME', 'HOME'])(
    "takes PyTorch's own file, found by %s",
    async (variable) => {
      for (const each of ['TORCH_HOME', 'XDG_CACHE_HOME']) vi.stubEnv(each, undefined);
      vi.stubEnv(variable, folder);
      const home = { TORCH_HOME: '.', XDG_CACHE_HOME: 'torch', HOME: '.cache/torch' }[variable]!;
      const torch = join(folder, home, 'hub', 'checkpoints', 'wide_resnet101_2-32ee1156.pth');
      await mkdir(dirname(torch), { recursive: true });
      await writeFile(torch, Buffer.from('5937d20100000000', 'hex')); // found by trying: its sha256 begins so
      const cacheDir = join(folder, 'cache');
      expect(await pretrainedPath('wide_resnet101_2', { cacheDir, baseUrl: url })).toBe(torch);
      expect(requests).toEqual([]);
      expect(existsSync(cacheDir)).toBe(false);
    },
  );

  it("passes a damaged file in PyTorch's cache over, and says so where nothing else is to be had", async () => {
    const torch = join(folder, 'torch', 'hub', 'checkpoints', 'resnet18-f37072fd.pth');
    await mkdir(dirname(torch), { recursive: true });
    await writeFile(torch, 'cut short');
    answer = (_, response) => response.writeHead(503).end();
    await expect(pretrainedPath('resnet18', { cacheDir: folder, baseUrl: url })).rejects.toThrow(
      `answers 503; ${torch} is damaged: its sha256 does not begin with f37072fd). Where there is no network`,
    );
    expect(requests).toHaveLength(1);
  });

  it('checks the hash in the name, and says what to do offline', async () => {
    const cacheDir = join(folder, 'new', 'cache');
    const paths: (string | undefined)[] = [];
    answer = (request, response) => {
      paths.push(request.url);
      response.end('not resnet');
    };
    await expect(pretrainedPath('wide_resnet101_2', { cacheDir, baseUrl: url })).rejects.toThrow(
      /cannot get the weights of wide_resnet101_2 \(.*expected 32ee1156.*put wide_resnet101_2-32ee1156.pth into/,
    );
    expect(paths).toEqual(['/wide_resnet101_2-32ee1156.pth']);
    await expect(pretrainedPath('vgg' as 'resnet18')).rejects.toThrow(
      /^pretrainedPath: needs one of resnet18, .*, wide_resnet101_2, efficientnet_lite0, got vgg$/,
    );
  });
});
