import { EventEmitter, once } from 'node:events';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UserError } from '@ddad/detector';
import { makeFolder } from '@ddad/files';
import { linesOf, type PlacedLine } from './lines-of.js';
import type { Verdict } from './verdict.js';

/**
 * The verdicts there are, a line of JSON each, to which lines are only ever added. A verdict counts from the moment its line
 * is on the disk: what a kill left of a line is cut off when the file is opened again, and its picture is judged again.
 */
export class VerdictLog {
  readonly #file: FileHandle;
  readonly #grown = new EventEmitter();
  readonly #ids: Set<string>;
  /** One line after the other. */
  #tail: Promise<unknown> = Promise.resolve();
  #size: number;

  private constructor(
    readonly path: string,
    { file, size, ids }: { file: FileHandle; size: number; ids: Set<string> },
  ) {
    this.#file = file;
    this.#size = size;
    this.#ids = ids;
    this.#grown.setMaxListeners(0);
  }

  /**
   * @param onVerdict given each that is there
   * @throws {UserError} a line that is no verdict
   */
  static async open(path: string, onVerdict: (verdict: Verdict) => void = () => {}): Promise<VerdictLog> {
    await makeFolder(dirname(path));
    const file = await open(path, 'a+');
    const ids = new Set<string>();
    let size = 0;
    const { size: there } = await file.stat();
    let number = 0;
    for await (const { text, end } of linesOf(file, { from: 0, to: there })) {
      number++;
      const verdict = parse(text, `${path}: line ${number}`);
      ids.add(verdict.id);
      onVerdict(verdict);
      size = end;
    }
    if (size < there) {
      await file.truncate(size);
      await file.sync();
    }
    return new VerdictLog(path, { file, size, ids });
  }

  /** Bytes of whole lines. */
  get size(): number {
    return this.#size;
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Adds a verdict; it is on the disk when this returns. One whose id is there already is not added again. */
  append(verdict: Verdict): Promise<void> {
    const turn = this.#tail.then(() => this.#write(verdict));
    this.#tail = turn.catch(() => {});
    return turn;
  }

  /** The lines from a place on, and those to come, until `signal` fires. */
  async *follow(from: number, signal: AbortSignal): AsyncGenerator<PlacedLine> {
    let at = from;
    while (!signal.aborted) {
      for await (const line of linesOf(this.#file, { from: at, to: this.#size })) {
        yield line;
        at = line.end;
        if (signal.aborted) return;
      }
      if (at === this.#size) {
        const grown = once(this.#grown, 'grown', { signal });
        await grown.catch((error) => {
          if (!signal.aborted) throw error;
        });
      }
    }
  }

  async close(): Promise<void> {
    await this.#tail;
    await this.#file.close();
  }

  async #write(verdict: Verdict): Promise<void> {
    if (this.#ids.has(verdict.id)) return;
    const line = Buffer.from(`${JSON.stringify(verdict)}\n`);
    await this.#file.appendFile(line);
    await this.#file.datasync();
    this.#ids.add(verdict.id);
    this.#size += line.length;
    this.#grown.emit('grown');
  }
}

function parse(text: string, name: string): Verdict {
  try {
    const verdict = JSON.parse(text) as Verdict;
    if (typeof verdict.id === 'string') return verdict;
  } catch (cause) {
    throw new UserError(`${name}: no JSON`, { code: 'output', remedy: 'move the file away', cause });
  }
  throw new UserError(`${name}: no verdict, it has no id`, { code: 'output', remedy: 'move the file away' });
}
