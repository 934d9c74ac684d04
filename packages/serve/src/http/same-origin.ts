import type { FastifyInstance } from 'fastify';
import { ServiceError } from '../service-error.js';

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/;

/**
 * A station without a token trusts who reaches it. Pages of other origins reach it through the browser of this machine: they
 * are refused, and so are names that resolve to it but are not its own.
 *
 * @param options.origins pages that may, by CORS
 */
export function refuseForeignPages(app: FastifyInstance, { origins }: { origins: readonly string[] }): void {
  app.addHook('onRequest', async ({ headers: { host = '', origin }, socket }) => {
    if (socket.localAddress && isLoopback(socket.localAddress) && !loopback.test(host)) {
      throw new ServiceError(`a station without a token answers to localhost alone, not to ${host}`, {
        code: 'forbidden',
        remedy: 'set a token',
      });
    }
    if (origin === undefined || origins.includes(origin) || isOwn(origin, host)) return;
    throw new ServiceError(`pages of ${origin} may not use this station`, {
      code: 'forbidden',
      remedy: `allow them (option cors: ['${origin}'])`,
    });
  });
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}

function isOwn(origin: string, host: string): boolean {
  return origin === `http://${host}` || origin === `https://${host}`;
}
