import { readFile } from 'node:fs/promises';
import { UserError } from '@ddad/detector';
import type { Decision } from '../store/decision-log.js';

/**
 * The lines of a log. A last one that a power cut left unfinished was never decided.
 *
 * @throws {UserError} another line is none
 */
export async function readDecisions(path: string): Promise<Decision[]> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  const lines = text.split('\n').slice(0, -1);
  return lines.flatMap((line, i) => (line === '' ? [] : [parse(line, `${path}:${i + 1}`)]));
}

function parse(line: string, where: string): Decision {
  try {
    return JSON.parse(line) as Decision;
  } catch (cause) {
    throw new UserError(`${where}: no line of a log`, {
      code: 'detector',
      remedy: 'bring it back from a copy, or take the line away',
      cause,
    });
  }
}
