import { readFile } from 'node:fs/promises';
import { UserError } from '@ddad/detector';
import { replaceFile } from '@ddad/files';

/** How far a receiver has come: the place in `verdicts.jsonl` behind the last verdict it has confirmed, in a file. */
export class Cursor {
  private constructor(
    private readonly path: string,
    readonly start: number,
  ) {}

  /**
   * @param size of the log
   * @throws {UserError} a cursor of another log
   */
  static async open(path: string, size: number): Promise<Cursor> {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      return new Cursor(path, 0);
    }
    const { delivered } = JSON.parse(text) as { delivered?: number };
    if (typeof delivered === 'number' && delivered >= 0 && delivered <= size)
      return new Cursor(path, delivered);
    throw new UserError(
      `${path}: needs a place in verdicts.jsonl, which has ${size} bytes, got ${JSON.stringify(delivered)}`,
      { code: 'output', remedy: 'remove it, and all verdicts are sent again' },
    );
  }

  /** It is on the disk when this returns. */
  move(delivered: number): Promise<void> {
    return replaceFile(this.path, `${JSON.stringify({ delivered })}\n`);
  }
}
