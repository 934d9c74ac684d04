import { DdadError } from '@ddad/detector';
import type { ErrorMessage } from './messages.js';

export function toMessage(error: unknown): ErrorMessage {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const { name, message, stack } = error;
  if (!DdadError.isInstance(error)) return { name, message, stack };
  return { name, message: error.reason, code: error.code, remedy: error.remedy, stack };
}

/** An error that a thread has sent. */
export class ThreadError extends Error {
  readonly code?: string;
  readonly remedy?: string;

  constructor({ name, message, code, remedy, stack }: ErrorMessage) {
    super(message);
    this.name = name;
    this.code = code;
    this.remedy = remedy;
    this.stack = stack;
  }
}
