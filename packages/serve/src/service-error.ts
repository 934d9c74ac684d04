/** What an error of the service is about, for programs: texts may change, codes stay. */
export type ServiceErrorCode =
  | 'request' // not what the route takes
  | 'unauthorized'
  | 'forbidden' // from a page of another origin, or under another host's name
  | 'unknown' // no such route, detector or version
  | 'too-large'
  | 'image' // not an image, or one that cannot be decoded
  | 'detector' // not a detector, or one that cannot be used
  | 'busy' // the queue is full
  | 'timeout'
  | 'stopping'
  | 'fault'; // of the program

const statuses: Record<ServiceErrorCode, number> = {
  request: 400,
  unauthorized: 401,
  forbidden: 403,
  unknown: 404,
  'too-large': 413,
  image: 422,
  detector: 422,
  busy: 429,
  timeout: 503,
  stopping: 503,
  fault: 500,
};

export interface ServiceErrorOptions {
  code: ServiceErrorCode;
  /** What to do about it. */
  remedy?: string;
  /** Seconds after which it may go well. */
  retryAfter?: number;
  /** @default the one that belongs to the code */
  status?: number;
  cause?: unknown;
}

/** An error that a request is answered with: `{ error: { code, message, remedy } }`. */
export class ServiceError extends Error {
  override name = 'ServiceError';
  readonly code: ServiceErrorCode;
  readonly status: number;
  readonly remedy?: string;
  readonly retryAfter?: number;

  constructor(message: string, { code, remedy, retryAfter, status, cause }: ServiceErrorOptions) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.status = status ?? statuses[code];
    this.remedy = remedy;
    this.retryAfter = retryAfter;
  }
}
