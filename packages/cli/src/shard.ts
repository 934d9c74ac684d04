import { InvalidArgumentError } from 'commander';

/** `2/8`, the second of eight. */
export function shard(text: string): { index: number; count: number } {
  const [, index, count] = /^(\d+)\/(\d+)$/.exec(text.trim()) ?? [];
  const parsed = { index: Number(index), count: Number(count) };
  if (!(parsed.index >= 1 && parsed.index <= parsed.count)) {
    throw new InvalidArgumentError('Needs 1/n to n/n, such as 2/8.');
  }
  return parsed;
}
