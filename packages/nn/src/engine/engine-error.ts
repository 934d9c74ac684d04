/** An engine that is unknown, not installed or not working here. The message is one line with the remedy. */
export class EngineError extends Error {
  override name = 'EngineError';
}
