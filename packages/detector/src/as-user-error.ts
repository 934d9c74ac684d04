import { DdadError, type ErrorCode, InterruptedError, UserError } from './errors.js';

/** What only a fault of the program throws. */
const faults = [TypeError, RangeError, ReferenceError];

/**
 * Runs `fn`, whose failures are the user's to mend: opening data, reading weights, choosing an engine. What it throws
 * becomes a {@link UserError} with the same message on one line and the original as its `cause`; faults of the program
 * (TypeError, RangeError, ReferenceError) and the end by a signal pass as they are.
 *
 * @param options.prefix opens the message
 */
export async function asUserError<T>(
  fn: () => T | Promise<T>,
  { code, prefix = '' }: { code: ErrorCode; prefix?: string },
): Promise<T> {
  try {
    return await fn();
  } catch (error) {
    if (DdadError.isInstance(error) || isEnd(error) || faults.some((fault) => error instanceof fault))
      throw error;
    const { message, reason, remedy } = error as Partial<DdadError>;
    throw new UserError(prefix + oneLine(remedy && reason ? reason : (message ?? String(error))), {
      code,
      remedy: remedy && oneLine(remedy),
      cause: error,
    });
  }
}

/** Throws an {@link InterruptedError} if `signal` was fired. */
export function throwIfInterrupted(signal: AbortSignal | undefined, doing: string): void {
  if (signal?.aborted) throw new InterruptedError(`interrupted while ${doing}`, { cause: signal.reason });
}

/** Runs `fn`. What it throws because `signal` was fired becomes an {@link InterruptedError}, all else passes as it is. */
export async function interruptible<T>(
  fn: () => T | Promise<T>,
  { signal, doing }: { signal?: AbortSignal; doing: string },
): Promise<T> {
  throwIfInterrupted(signal, doing);
  try {
    return await fn();
  } catch (error) {
    if (signal?.aborted && (error === signal.reason || isEnd(error))) throwIfInterrupted(signal, doing);
    throw error;
  }
}

/** Whether an AbortSignal threw it. */
function isEnd(error: unknown): boolean {
  return ['AbortError', 'TimeoutError'].includes((error as Error)?.name);
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ');
