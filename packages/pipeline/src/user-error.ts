/**
 * A mistake that the user can mend: a wrong configuration, a missing folder, an unreadable file, an engine
 * that is not installed. The message is one line that names what was needed, what came and the remedy; the
 * command line prints it without a stack and exits with code 2.
 */
export class UserError extends Error {
  override name = 'UserError';
}

/**
 * Runs `fn`; what it throws becomes a {@link UserError} with the same message on one line and the original
 * as its `cause`. For calls whose failures are the user's to mend: opening data, reading weights, choosing
 * an engine.
 */
export async function asUserError<T>(fn: () => T | Promise<T>, prefix = ''): Promise<T> {
  try {
    return await fn();
  } catch (error) {
    if (error instanceof UserError || (error as Error)?.name === 'AbortError') throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new UserError(prefix + message.replaceAll(/\s*\n\s*/g, ' '), { cause: error });
  }
}
