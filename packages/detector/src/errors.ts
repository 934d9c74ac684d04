/** What an {@link DdadError} is about, for programs: texts may change, codes stay. */
export type ErrorCode =
  | 'option' // an option of a function has no such value, or excludes another
  | 'config' // a key or value of the configuration
  | 'data' // the data set: its folders, indices, masks
  | 'image' // an image that cannot be read or decoded
  | 'weights' // a weights file: missing, damaged, altered, of another network
  | 'detector' // detector.json or the folder it should lie in
  | 'training' // the training or adaptation that a checkpoint folder holds
  | 'locked' // another process works in the folder
  | 'engine' // an engine that is unknown, not installed or not working
  | 'output' // a file or folder that cannot be written
  | 'network' // a server that cannot be reached or sends something else
  | 'interrupted';

export interface DdadErrorOptions {
  code: ErrorCode;
  /** What to do about it; it ends the message. */
  remedy?: string;
  cause?: unknown;
}

const mark = Symbol.for('ddad.error');

/** The base of the errors that tell a user, not a programmer, something. */
export class DdadError extends Error {
  override name = 'DdadError';
  readonly code: ErrorCode;
  /** The message without the remedy. */
  readonly reason: string;
  readonly remedy?: string;
  readonly [mark] = true;

  /** @param reason one line: who, what was needed and what came */
  constructor(reason: string, { code, remedy, cause }: DdadErrorOptions) {
    super(remedy ? `${reason}; ${remedy}` : reason, cause === undefined ? undefined : { cause });
    this.code = code;
    this.reason = reason;
    if (remedy) this.remedy = remedy;
  }

  /** Whether `error` is one, also of another copy of this package. */
  static isInstance(error: unknown): error is DdadError {
    return error instanceof Error && (error as { [mark]?: true })[mark] === true;
  }
}

/**
 * A mistake that the user can mend: a wrong configuration, a missing folder, an unreadable file, an engine that is not
 * installed.
 */
export class UserError extends DdadError {
  override name = 'UserError';

  /** Whether `error` is one, also of another copy of this package. */
  static override isInstance(error: unknown): error is UserError {
    return DdadError.isInstance(error) && error.name === 'UserError';
  }
}

/** The work ended because its `signal` was fired; the message says what was saved. */
export class InterruptedError extends DdadError {
  override name = 'InterruptedError';

  constructor(reason: string, { remedy, cause }: Omit<DdadErrorOptions, 'code'> = {}) {
    super(reason, { code: 'interrupted', remedy, cause });
  }

  /** Whether `error` is one, also of another copy of this package. */
  static override isInstance(error: unknown): error is InterruptedError {
    return DdadError.isInstance(error) && error.name === 'InterruptedError';
  }
}
