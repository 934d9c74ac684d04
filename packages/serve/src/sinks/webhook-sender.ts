import { checkOptions, UserError } from '@ddad/detector';
import { Refused, type Sender } from './sender.js';

export interface WebhookOptions {
  /** `http:` or `https:`. */
  url: string;
  /** E.g. `authorization`. @default none */
  headers?: Readonly<Record<string, string>>;
  /** Seconds that an answer may take. @default 10 */
  timeout?: number;
}

/** Answers that say "later", not "never". */
const passing = [408, 425, 429];

/**
 * Sends each verdict as the body of a POST, with its id in the header `idempotency-key`. Any answer of 2xx confirms; 4xx but
 * 408, 425 and 429 refuses for good; all else is tried again.
 *
 * @throws {UserError} no address
 */
export function webhookSender(options: WebhookOptions): Sender {
  checkOptions('option webhook', options, { url: true, headers: true, timeout: true });
  const { url, headers = {}, timeout = 10 } = options;
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !/^https?:$/.test(address.protocol)) {
    throw new UserError(`option webhook: needs an http or https address, got '${url}'`, { code: 'option' });
  }
  return {
    name: 'webhook',
    async send({ id }, line, signal) {
      const response = await fetch(address, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json', 'idempotency-key': id },
        body: line,
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000)]),
      }).catch((error: Error) => {
        throw new Error(
          `${address.origin} cannot be reached: ${(error.cause as Error)?.message ?? error.message}`,
        );
      });
      await response.body?.cancel();
      if (response.ok) return;
      const answer = `${address.origin} answers ${response.status}`;
      const { status } = response;
      throw status >= 400 && status < 500 && !passing.includes(status)
        ? new Refused(answer)
        : new Error(answer);
    },
    close: async () => {},
  };
}
