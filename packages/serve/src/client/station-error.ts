/** What a station answered instead. */
export class StationError extends Error {
  override name = 'StationError';
  /** Of HTTP. */
  readonly status: number;
  /** For programs: texts may change, codes stay. */
  readonly code: string;
  readonly remedy?: string;
  /** Seconds after which it may go well, where the station says so. */
  readonly retryAfter?: number;

  constructor(
    message: string,
    { status, code, remedy, retryAfter }: Pick<StationError, 'status' | 'code' | 'remedy' | 'retryAfter'>,
  ) {
    super(remedy ? `${message}; ${remedy}` : message);
    this.status = status;
    this.code = code;
    this.remedy = remedy;
    this.retryAfter = retryAfter;
  }
}
