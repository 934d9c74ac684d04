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

/** The numbers 0..255 in random order. */
export function shuffled(random: Random): Uint8Array {
  const table = Uint8Array.from({ length: 256 }, (_, i) => i);
  for (let i = 255; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    const value = table[i]!;
    table[i] = table[j]!;
    table[j] = value;
  }
  return table;
}

function fnv1a(text: string): number {
  let h = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) h = Math.imul(h ^ byte, 0x01000193);
  return h >>> 0;
}
