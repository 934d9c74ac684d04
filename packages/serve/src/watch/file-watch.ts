import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';

/** A file that nobody has written to for a while. */
export interface CompleteFile {
  /** Relative to the folder, with `/`. */
  path: string;
  bytes: number;
  mtimeMs: number;
}

/** By ending, as the formats that are read; names of unfinished files (`.part`, `.tmp`, a leading dot) are none. */
const image = /^[^.].*\.(png|jpe?g|bmp|tiff?|webp)$/i;

/**
 * Looks at a folder and those below again and again. A file is complete when its size and time are the same at two looks that
 * lie `settle` apart. It polls: that works on network drives too, and misses nothing.
 */
export class FileWatch {
  /** Since when a file has been as it is. */
  readonly #seen = new Map<string, CompleteFile & { since: number }>();

  constructor(
    private readonly folder: string,
    private readonly options: {
      /** Milliseconds. */
      settle: number;
      /** Folders that are not looked at, absolute. */
      except: readonly string[];
      /** Whether a file as it is need not be looked at again. */
      isKnown: (file: CompleteFile) => boolean;
    },
  ) {}

  /**
   * The complete files that are new, the oldest first.
   *
   * @param now milliseconds, of a clock that does not jump
   */
  async look(now: number): Promise<{ complete: CompleteFile[]; isUnsettled: boolean }> {
    const complete: CompleteFile[] = [];
    const there = new Set<string>();
    for (const path of await this.#files()) {
      const file = await this.#describe(path);
      if (!file) continue;
      there.add(path);
      if (this.options.isKnown(file)) {
        this.#seen.delete(path);
        continue;
      }
      const before = this.#seen.get(path);
      if (before?.bytes !== file.bytes || before.mtimeMs !== file.mtimeMs) {
        this.#seen.set(path, { ...file, since: now });
      } else if (now - before.since >= this.options.settle) complete.push(file);
    }
    for (const path of this.#seen.keys()) if (!there.has(path)) this.#seen.delete(path);
    complete.sort((a, b) => a.mtimeMs - b.mtimeMs || (a.path < b.path ? -1 : 1));
    return { complete, isUnsettled: this.#seen.size > complete.length };
  }

  /** Undefined where it has gone meanwhile. */
  async #describe(path: string): Promise<CompleteFile | undefined> {
    try {
      const { size, mtimeMs } = await stat(join(this.folder, path));
      return { path, bytes: size, mtimeMs };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #files(): Promise<string[]> {
    const files: string[] = [];
    const walk = async (folder: string): Promise<void> => {
      for (const entry of await readdir(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) {
          if (!entry.name.startsWith('.') && !this.options.except.includes(path)) await walk(path);
        } else if (image.test(entry.name)) files.push(relative(this.folder, path).split(sep).join('/'));
      }
    };
    await walk(this.folder);
    return files;
  }
}
