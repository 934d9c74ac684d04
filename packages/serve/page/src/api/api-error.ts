/** What the station answers instead of what was asked for. */
export class ApiError extends Error {
  override name = 'ApiError';

  constructor(
    message: string,
    readonly status: number,
    /** Seconds after which it may go well. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }

  static async of(response: Response): Promise<ApiError> {
    const retryAfter = Number(response.headers.get('retry-after')) || undefined;
    const body = (await response.json().catch(() => null)) as {
      error?: { message: string; remedy?: string };
    } | null;
    const { message = `the station answers ${response.status}`, remedy } = body?.error ?? {};
    return new ApiError(remedy ? `${message}; ${remedy}` : message, response.status, retryAfter);
  }
}
