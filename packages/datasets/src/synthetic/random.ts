import { hash } from '../random.js';

/** A stream of numbers in [0, 1) that depends on its keys alone. */
export type Random = () => number;

export function stream(...keys: (number | string)[]): Random {
  const key = hash(...keys.map((k) => (typeof k === 'string' ? fnv1a(k) : k)));
  let counter = 0;
  return () => hash(key, counter++) / 2 ** 32;
}

export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random();
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[Math.floor(random() * items.length)]!;
}

/** Standard normal (Box-Muller). */
export function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function fnv1a(text: string): number {
  let h = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}
