import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  asUserError,
  checkOptions,
  interruptible,
  type TaskOptions,
  taskKeys,
  UserError,
} from '@ddad/detector';
import { makeFolder } from '@ddad/files';
import { downloadFile } from '@ddad/weights';
import { unpackTar } from './data/unpack-tar.js';
import { checkWritable } from './io/write-atomic.js';

/** The archive its authors publish (CC BY 4.0), and the hash that anomalib records for it. */
const visa = {
  url: 'https://amazon-visual-anomaly.s3.us-west-2.amazonaws.com/VisA_20220922.tar',
  sha256: '2eb8690c803ab37de0324772964100169ec8ba1fa3f7e94291c9ca673f40f362',
};

export interface DownloadVisaOptions extends TaskOptions {
  /** Folder to make `VisA` in; the archive lies beside it meanwhile. */
  out: string;
  /** Address of the archive. @default the authors' */
  url?: string;
  /** Hash the archive must have, in hexadecimal. @default that of the authors' archive */
  sha256?: string;
  /** Most bytes the archive may unpack to. @default 8 GiB */
  maxBytes?: number;
}

export interface DownloadedVisa {
  /** What `openDataset({ kind: 'visa', root, category })` wants. */
  root: string;
  /** True if it was there already and nothing was done. */
  reused: boolean;
}

/**
 * Downloads VisA (1.9 GB), checks its hash and unpacks it to `<out>/VisA`. A broken or interrupted download goes on
 * where it stopped, in this call or the next; nothing of an archive with another hash is unpacked; what unpacking
 * refuses is said in {@link unpackTar}. The archive is deleted afterwards.
 *
 * @throws {UserError} server or connection failed, wrong hash, no VisA archive, unwritable folder
 * @throws {InterruptedError} `signal` was fired
 */
export function downloadVisa(options: DownloadVisaOptions): Promise<DownloadedVisa> {
  checkOptions('downloadVisa', options, { ...taskKeys, out: true, url: true, sha256: true, maxBytes: true });
  return interruptible(() => download(options), {
    signal: options.signal,
    doing: 'downloading VisA',
  });
}

async function download(options: DownloadVisaOptions): Promise<DownloadedVisa> {
  const { url = visa.url, sha256 = visa.sha256, maxBytes = 8 * 2 ** 30 } = options;
  const { onProgress, onNotice, signal } = options;
  const out = resolve(options.out);
  const root = join(out, 'VisA');
  const csv = join('split_csv', '1cls.csv');
  if (existsSync(join(root, csv))) return { root, reused: true };
  if (existsSync(root)) {
    throw new UserError(`${root} exists and holds no VisA (${csv} is missing)`, {
      code: 'output',
      remedy: 'choose another folder by option out',
    });
  }
  const address = addressOf(url);
  if (!/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new UserError(`option sha256: needs 64 hexadecimal digits, got '${sha256}'`, { code: 'option' });
  }
  await checkWritable(out);
  await makeFolder(out);
  const archive = join(out, 'VisA_20220922.tar');
  if (existsSync(archive)) await checkArchive(archive, sha256);
  else {
    if (existsSync(`${archive}.part`)) onNotice?.(`going on with ${archive}.part`);
    await asUserError(
      () =>
        downloadFile(address.href, archive, {
          sha256,
          signal,
          onProgress: ({ receivedBytes, totalBytes }) => {
            if (totalBytes) onProgress?.({ phase: 'download', done: receivedBytes, total: totalBytes });
          },
        }),
      { code: 'network' },
    );
  }
  await asUserError(
    () =>
      unpackTar(archive, root, {
        maxBytes,
        maxEntries: 100_000,
        signal,
        onProgress: (progress) => onProgress?.({ phase: 'unpack', ...progress }),
      }),
    { code: 'data' },
  );
  if (!existsSync(join(root, csv))) {
    await rm(root, { recursive: true });
    throw new UserError(`${archive} is not VisA: it has no ${csv}`, {
      code: 'data',
      remedy: 'delete it and give another address by option url',
    });
  }
  await rm(archive);
  return { root, reused: false };
}

function addressOf(url: string): URL {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !/^https?:$/.test(address.protocol)) {
    throw new UserError(`option url: needs an http or https address, got '${url}'`, { code: 'option' });
  }
  return address;
}

/** An archive that is whole already: of an interrupted unpacking, or put there by the user. */
async function checkArchive(archive: string, sha256: string): Promise<void> {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(archive)) hash.update(piece);
  const actual = hash.digest('hex');
  if (actual !== sha256.toLowerCase()) {
    throw new UserError(`${archive} has sha256 ${actual}, expected ${sha256}`, {
      code: 'data',
      remedy: 'delete it and run again',
    });
  }
}
