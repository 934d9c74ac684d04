import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { ServiceError } from '../service-error.js';

/** Told to everybody: that the process lives, the page (which asks for the token), nothing of a detector. */
const open = new Set(['/health', '/ready', '/']);

/**
 * Asks for `Authorization: Bearer <token>`. It is the first hook of every route, also of those that do not exist: without
 * the token all answers are alike.
 */
export function requireToken(app: FastifyInstance, token: string): void {
  const expected = digest(token);
  app.addHook('onRequest', async (request) => {
    const path = request.url.split('?')[0];
    if (open.has(path) || path.startsWith('/assets/')) return;
    const [, given = ''] = /^Bearer +(.*)$/i.exec(request.headers.authorization ?? '') ?? [];
    // digests are of one length, and say nothing of how far a guess is right
    if (timingSafeEqual(digest(given), expected)) return;
    throw new ServiceError('needs the token of this station', {
      code: 'unauthorized',
      remedy: 'send it as `Authorization: Bearer <token>`',
    });
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
