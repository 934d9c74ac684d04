import { deriveSeed, seedFrom } from './seed.js';

/** The seed of the tensor `name` of a network initialised with `seed`. */
export function seedOfName(seed: number, name: string): number {
  return deriveSeed(seed, seedFrom(new TextEncoder().encode(name)));
}
