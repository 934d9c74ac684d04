import { open, readFile, truncate } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder } from '@ddad/files';

/** A line of the log. */
export interface Decision {
  /** ISO 8601. */
  time: string;
  /** What was decided: `threshold`, `roi`, `recalibrated`, `replaced`, `activated`, `judged`, ... */
  kind: string;
  /** The version in use afterwards. */
  version: number;
  [detail: string]: unknown;
}

/** What people and programs decided about one detector: `<folder>/log.jsonl`, to which lines are only ever added. */
export class DecisionLog {
  readonly path: string;
  /** One line after the other. */
  #tail: Promise<unknown> = Promise.resolve();
  #isWhole = false;

  constructor(folder: string) {
    this.path = join(folder, 'log.jsonl');
  }

  /** Adds a line; it is on the disk when this returns. */
  add(decision: Omit<Decision, 'time'>): Promise<void> {
    const turn = this.#tail.then(() =>
      this.#write({ time: new Date().toISOString(), ...decision } as Decision),
    );
    this.#tail = turn.catch(() => {});
    return turn;
  }

  async #write(decision: Decision): Promise<void> {
    await makeFolder(dirname(this.path));
    if (!this.#isWhole) await this.#dropTorn();
    this.#isWhole = true;
    const file = await open(this.path, 'a');
    try {
      await file.appendFile(`${JSON.stringify(decision)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** What a power cut left of a line was never decided. */
  async #dropTorn(): Promise<void> {
    const bytes = await readFile(this.path).catch((error) => {
      if (error.code === 'ENOENT') return Buffer.alloc(0);
      throw error;
    });
    const end = bytes.lastIndexOf(10) + 1;
    if (end < bytes.length) await truncate(this.path, end);
  }
}
