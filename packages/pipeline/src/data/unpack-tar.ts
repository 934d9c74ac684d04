import { closeSync, createReadStream, existsSync, openSync, readSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { makeFolder } from '@ddad/files';
import { extract as extractTar, Parser, type ReadEntry, Unpack } from 'tar';

export interface UnpackTarOptions {
  /** Most bytes that the files may have together. */
  maxBytes: number;
  /** Most files and folders. */
  maxEntries: number;
  onProgress?: (progress: { done: number; total: number }) => void;
  signal?: AbortSignal;
}

/**
 * Unpacks a tar archive from somewhere that need not be trusted. All entries are looked at before the first is
 * written: only files and folders, no path that leads outside, no more bytes and entries than allowed. `folder`
 * appears when it is complete.
 *
 * @throws if `folder` exists, the archive is damaged or cut, or an entry is refused (the message names it)
 */
export async function unpackTar(archive: string, folder: string, options: UnpackTarOptions): Promise<void> {
  if (existsSync(folder)) throw new Error(`unpackTar: ${folder} exists already`);
  const total = await inspect(archive, options);
  const scratch = `${folder}.${process.pid}.tmp`;
  try {
    await rm(scratch, { recursive: true, force: true });
    await makeFolder(scratch);
    await extract(archive, scratch, { ...options, total });
    await rename(scratch, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** As {@link unpackTar}, also of a `.tar.gz`, into a folder that is there, before anything else goes on. */
export function unpackTarSync(
  archive: string,
  folder: string,
  limits: Pick<UnpackTarOptions, 'maxBytes' | 'maxEntries'>,
): void {
  const inspector = createInspector(archive, limits);
  const file = openSync(archive, 'r');
  try {
    const chunk = Buffer.alloc(1 << 20);
    for (let length = readSync(file, chunk); length > 0; length = readSync(file, chunk)) {
      // the parser keeps what it is given
      inspector.write(Buffer.from(chunk.subarray(0, length)));
    }
    inspector.end();
  } finally {
    closeSync(file);
  }
  extractTar({ file: archive, cwd: folder, sync: true, strict: true, preserveOwner: false });
}

/** Reads all headers; the number of entries, if nothing is wrong with them. */
async function inspect(archive: string, { signal, ...limits }: UnpackTarOptions): Promise<number> {
  const inspector = createInspector(archive, limits);
  for await (const chunk of createReadStream(archive, { highWaterMark: 1 << 20 })) {
    signal?.throwIfAborted();
    inspector.write(chunk as Buffer);
  }
  return inspector.end();
}

/** Takes an archive piece by piece; throws at the first entry that is refused, and `end` gives the number of them. */
function createInspector(
  archive: string,
  { maxBytes, maxEntries }: Pick<UnpackTarOptions, 'maxBytes' | 'maxEntries'>,
): { write(chunk: Buffer): void; end(): number } {
  let fault: Error | undefined;
  let entries = 0;
  let bytes = 0;
  const refuse = (why: string) => {
    fault ??= new Error(`unpackTar: ${archive} is refused: ${why}`);
  };
  const look = (entry: ReadEntry) => {
    const name = JSON.stringify(entry.path);
    if (!allowedTypes.has(entry.type)) refuse(`${name} is a ${entry.type}, not a file or a folder`);
    else if (leavesFolder(entry.path)) refuse(`the path ${name} leads outside`);
    bytes += entry.size;
    entries++;
    if (bytes > maxBytes) refuse(`its files have more than ${maxBytes} bytes`);
    if (entries > maxEntries) refuse(`it has more than ${maxEntries} entries`);
    entry.resume();
  };
  const parser = new Parser({ strict: true });
  parser.on('entry', look);
  // What the parser itself would leave out.
  parser.on('ignoredEntry', look);
  parser.on('error', (error: Error) => {
    fault ??= new Error(`unpackTar: ${archive} is damaged: ${error.message}`, { cause: error });
  });
  return {
    write(chunk) {
      parser.write(chunk);
      if (fault) throw fault;
    },
    end() {
      parser.end();
      if (fault) throw fault;
      return entries;
    },
  };
}

const allowedTypes = new Set<string>(['File', 'OldFile', 'Directory']);

function leavesFolder(path: string): boolean {
  const posix = path.replaceAll('\\', '/');
  return posix.startsWith('/') || /^[a-z]:/i.test(posix) || posix.split('/').includes('..');
}

function extract(
  archive: string,
  folder: string,
  { total, onProgress, signal }: UnpackTarOptions & { total: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const source = createReadStream(archive, { highWaterMark: 1 << 20 });
    const fail = (error: unknown) => {
      source.destroy();
      signal?.removeEventListener('abort', abort);
      reject(error as Error);
    };
    const abort = () => fail(signal!.reason);
    signal?.addEventListener('abort', abort);
    let done = 0;
    const unpack = new Unpack({ cwd: folder, strict: true, preserveOwner: false });
    unpack.on('entry', () => onProgress?.({ done: ++done, total }));
    unpack.on('error', fail);
    unpack.on('close', () => {
      signal?.removeEventListener('abort', abort);
      resolve();
    });
    source.on('error', fail);
    source.pipe(unpack as unknown as NodeJS.WritableStream);
  });
}
