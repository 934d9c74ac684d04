import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { makeFolder, replaceFile, writeReason } from '@ddad/files';

/** How a session is to be made of a model. */
export interface Opening {
  /** The model is a kept graph: nothing is left to optimise. */
  kept?: boolean;
  /** Where ONNX Runtime writes the graph that it makes of the model. */
  saveTo?: string;
}

const SUFFIX = '.graph';
const MAGIC = 'tfjs-backend-ort graph 1\n';
const MAKING = '.making-';
const HOUR_MS = 3_600_000;

/**
 * Large graphs as ONNX Runtime optimised them, in a folder from one process to the next: loading one takes a third of the time.
 * A file is named by the hash of everything that it depends on: the model, the settings, ONNX Runtime's version and the processor,
 * whose convolutions have a layout of their own. It holds another hash of its contents; one that is damaged is told on stderr and
 * made again. Any number of processes may use a folder.
 */
export class KeptGraphs {
  private readonly told = new Set<string>();

  constructor(
    private readonly folder: string,
    private readonly options: {
      /** ONNX Runtime's version. */
      version: string;
      /** Of all files together; the least recently used go. @default 256 MiB */
      maxBytes?: number;
    },
  ) {}

  /**
   * A session of `model`, from the kept graph if there is one; else that is kept. Where the folder cannot be used, or what ONNX
   * Runtime wrote, `open` is called as if there were none, with a warning.
   *
   * @param settings what the graph depends on besides the model
   */
  async load<T>(
    model: Uint8Array,
    settings: readonly string[],
    open: (model: Uint8Array, opening: Opening) => T,
  ): Promise<T> {
    const key = createHash('sha256')
      .update(JSON.stringify([this.options.version, machine(), settings]))
      .update(model)
      .digest('hex');
    const path = join(this.folder, key + SUFFIX);
    const graph = await this.read(path, key);
    if (graph) {
      try {
        const session = open(graph, { kept: true });
        await this.touch(path);
        return session;
      } catch (error) {
        this.tell(`${path} does not load and is made again: ${firstLine(error)}`);
      }
    }
    return this.make(path, key, model, open);
  }

  private async read(path: string, key: string): Promise<Uint8Array | undefined> {
    let bytes: Buffer | undefined;
    try {
      bytes = await readFile(path).catch(ifMissing);
    } catch (error) {
      this.tell(`${path} cannot be read: ${firstLine(error)}`);
    }
    if (!bytes) return undefined;
    const head = header(key, bytes.subarray(HEADER_LENGTH));
    if (bytes.subarray(0, HEADER_LENGTH).equals(head)) return new Uint8Array(bytes.subarray(HEADER_LENGTH));
    this.tell(`${path} is damaged and is made again.`);
    return undefined;
  }

  private async make<T>(
    path: string,
    key: string,
    model: Uint8Array,
    open: (model: Uint8Array, opening: Opening) => T,
  ): Promise<T> {
    let making: string;
    try {
      await makeFolder(this.folder);
      making = await mkdtemp(join(this.folder, MAKING));
    } catch (error) {
      this.tell(`graphs are not kept in ${this.folder}: ${writeReason(error)}`);
      return open(model, {});
    }
    try {
      const saveTo = join(making, 'graph.ort');
      let session: T;
      try {
        session = open(model, { saveTo });
      } catch (error) {
        const plain = open(model, {}); // throws where the model is at fault
        this.tell(`graphs are not kept in ${this.folder}: ${firstLine(error)}`);
        return plain;
      }
      try {
        const graph = await readFile(saveTo);
        const whole = join(making, 'whole');
        await replaceFile(whole, Buffer.concat([header(key, graph), graph]));
        await rename(whole, path);
        await this.tidy();
      } catch (error) {
        this.tell(`graphs are not kept in ${this.folder}: ${firstLine(error)}`);
      }
      return session;
    } finally {
      await rm(making, { recursive: true, force: true });
    }
  }

  /** Makes a file the last to go. */
  private async touch(path: string): Promise<void> {
    const now = new Date();
    try {
      await utimes(path, now, now);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'ENOENT') this.tell(`${path} cannot be marked as used: ${writeReason(error)}`);
    }
  }

  /** Removes the files beyond the limit and what processes that were killed left behind. */
  private async tidy(): Promise<void> {
    const { maxBytes = 1 << 28 } = this.options;
    const files: { path: string; size: number; mtimeMs: number }[] = [];
    for (const name of await readdir(this.folder)) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(ifMissing);
      if (!found) continue;
      if (name.endsWith(SUFFIX)) files.push({ path, size: found.size, mtimeMs: found.mtimeMs });
      else if (name.startsWith(MAKING) && Date.now() - found.mtimeMs > HOUR_MS)
        await rm(path, { recursive: true, force: true });
    }
    let bytes = 0;
    for (const { path, size } of files.sort((a, b) => b.mtimeMs - a.mtimeMs)) {
      bytes += size;
      if (bytes > maxBytes) await rm(path, { force: true });
    }
  }

  private tell(message: string): void {
    if (this.told.has(message)) return;
    this.told.add(message);
    console.warn(`tfjs-backend-ort: ${message}`);
  }
}

const HEADER_LENGTH = MAGIC.length + 65;

function header(key: string, graph: Uint8Array): Buffer {
  const digest = createHash('sha256').update(key).update(graph).digest('hex');
  return Buffer.from(`${MAGIC}${digest}\n`);
}

/** There is no such file, or another process has removed it. */
function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}

const firstLine = (error: unknown) => (error as Error).message.split('\n')[0];

let known: string[] | undefined;

/** What ONNX Runtime's choice of layouts depends on. */
function machine(): string[] {
  known ??= [process.platform, process.arch, cpus()[0]?.model ?? '', features()];
  return known;
}

/** The processor's instruction sets, where the system tells them. */
function features(): string {
  const told = '/proc/cpuinfo';
  const lines = existsSync(told) ? readFileSync(told, 'utf8').split('\n') : [];
  return lines.find((line) => /^(flags|Features)\s*:/.test(line)) ?? '';
}
