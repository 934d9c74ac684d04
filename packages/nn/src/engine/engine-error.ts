export interface EngineErrorOptions {
  /** What to do about it, as a clause: `run: npm install x`. */
  remedy?: string;
  /** Whether its packages are there. @default true */
  installed?: boolean;
  cause?: unknown;
}

/** An engine that is unknown, not installed or not working here. The message is one line: reason; remedy. */
export class EngineError extends Error {
  override name = 'EngineError';
  readonly reason: string;
  readonly remedy?: string;
  readonly installed: boolean;

  constructor(reason: string, { remedy, installed = true, cause }: EngineErrorOptions = {}) {
    super(remedy ? `${reason}; ${remedy}` : reason, { cause });
    this.reason = reason;
    this.remedy = remedy;
    this.installed = installed;
  }
}
