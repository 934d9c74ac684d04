import type { Verdict } from './verdict.js';

/** Brings verdicts to one receiver. */
export interface Sender {
  /** Begins its files' names and messages: `webhook`, `mqtt`. */
  readonly name: string;
  /**
   * Resolves when the receiver has confirmed.
   *
   * @param line the verdict as text, to be sent as it is
   * @throws {Refused} the receiver will never take this one; anything else is tried again
   */
  send(verdict: Verdict, line: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** A receiver refused a verdict for good. */
export class Refused extends Error {
  override name = 'Refused';
}
