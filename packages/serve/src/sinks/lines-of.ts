import type { FileHandle } from 'node:fs/promises';

/** A line of a file, without its end. */
export interface PlacedLine {
  text: string;
  /** Place in the file behind its end. */
  end: number;
}

const blockSize = 1 << 16;

/** The whole lines between two places of a file. */
export async function* linesOf(
  file: FileHandle,
  { from, to }: { from: number; to: number },
): AsyncGenerator<PlacedLine> {
  let begun = Buffer.alloc(0);
  let at = from;
  let end = from;
  while (at < to) {
    const block = Buffer.alloc(Math.min(blockSize, to - at));
    const { bytesRead } = await file.read(block, 0, block.length, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    begun = Buffer.concat([begun, block.subarray(0, bytesRead)]);
    for (let newline = begun.indexOf(10); newline >= 0; newline = begun.indexOf(10)) {
      end += newline + 1;
      yield { text: begun.toString('utf8', 0, newline), end };
      begun = begun.subarray(newline + 1);
    }
  }
}
