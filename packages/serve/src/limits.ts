/** What one station takes at most; whatever is beyond is refused with an answer that says so. */
export interface Limits {
  /** Bytes of an image file. @default 33_554_432 (32 MiB) */
  bytes: number;
  /** Pixels of an image, by its header. @default 50_000_000 */
  pixels: number;
  /** Files of one multipart request. @default 16 */
  files: number;
  /** Images that are accepted and not answered; a request beyond gets 429. @default 64 */
  queue: number;
  /** Seconds from a request's first byte to its answer. @default 30 */
  seconds: number;
  /** Bytes of a detector that is put in place of another. @default 1_073_741_824 (1 GiB) */
  detectorBytes: number;
}

export const defaultLimits: Limits = {
  bytes: 32 * 2 ** 20,
  pixels: 50_000_000,
  files: 16,
  queue: 64,
  seconds: 30,
  detectorBytes: 2 ** 30,
};
