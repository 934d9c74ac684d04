import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HostArray } from '../../graph/value.js';
import type { Stash } from '../runtime.js';

/**
 * A file without a name in the folder for temporary files: it is gone with the last value in it, or with the process.
 *
 * @throws if the folder cannot be written
 */
export function fileStash(): Stash {
  const folder = mkdtempSync(join(tmpdir(), 'tfjs-backend-ort-'));
  let file: number;
  try {
    file = openSync(join(folder, 'values'), 'w+');
  } finally {
    // Also where the file is still open: what is open stays readable.
    rmSync(folder, { recursive: true });
  }
  let end = 0;
  let kept = 0;
  return {
    put: (data) => {
      const position = end;
      try {
        transfer(writeSync, file, data, position);
      } catch (error) {
        if (kept === 0) closeSync(file);
        throw error;
      }
      end += data.byteLength;
      kept++;
      const { length } = data;
      const ArrayType = data.constructor as new (length: number) => HostArray;
      return {
        read: () => {
          const copy = new ArrayType(length);
          transfer(readSync, file, copy, position);
          return copy;
        },
        release: () => {
          if (--kept === 0) closeSync(file);
        },
      };
    },
  };
}

/** Linux moves less than 2 GiB at once. */
const AT_ONCE = 1 << 30;

function transfer(
  move: (file: number, buffer: Uint8Array, offset: number, length: number, position: number) => number,
  file: number,
  data: HostArray,
  position: number,
): void {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  for (let done = 0; done < bytes.length; ) {
    const moved = move(file, bytes, done, Math.min(AT_ONCE, bytes.length - done), position + done);
    if (moved === 0)
      throw new Error('tfjs-backend-ort: the temporary file of the frozen variables was cut off.');
    done += moved;
  }
}
