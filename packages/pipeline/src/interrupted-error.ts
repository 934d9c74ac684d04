/** The work ended because its `signal` was fired; the message says what was saved. */
export class InterruptedError extends Error {
  override name = 'InterruptedError';
}

/** Throws an {@link InterruptedError} if `signal` was fired. */
export function throwIfInterrupted(signal: AbortSignal | undefined, doing: string): void {
  if (signal?.aborted) throw new InterruptedError(`interrupted while ${doing}`);
}
