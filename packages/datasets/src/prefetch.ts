import { checkOptions } from '@ddad/options';

export interface PrefetchOptions {
  /** How many results are prepared while one is used. @default 2 */
  ahead?: number;
}

/**
 * Maps `load` over `items`, in order, starting up to `ahead` calls before their results are asked for: reading and
 * decoding then overlap with the work on the batch before.
 *
 * @throws what `load` throws, when its turn comes
 */
export async function* prefetch<T, R>(
  items: Iterable<T>,
  load: (item: T) => Promise<R>,
  options: PrefetchOptions = {},
): AsyncGenerator<R, void, void> {
  checkOptions('prefetch', options, { ahead: true });
  const { ahead = 2 } = options;
  if (!Number.isInteger(ahead) || ahead < 0)
    throw new Error(`prefetch: ahead must be 0 or more, got ${ahead}`);
  const started: Promise<R>[] = [];
  for (const item of items) {
    const result = load(item);
    // Its failure is reported when its turn comes, not as an unhandled rejection before.
    result.catch(() => {});
    started.push(result);
    if (started.length > ahead) yield await started.shift()!;
  }
  while (started.length > 0) yield await started.shift()!;
}
