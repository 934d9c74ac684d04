import type { Value } from './value.js';

/** Equal for two constants exactly when they hold the same numbers, of which 0 and -0 are not the same. */
export function constantKey({ dtype, shape, data }: Value): string {
  const values = Array.from(data as ArrayLike<number | bigint>, (value) =>
    Object.is(value, -0) ? '-0' : value,
  );
  return `${dtype}[${shape}]${values}`;
}
