import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ServiceError } from '../service-error.js';

/** Told to everybody: that the process lives, the page (which asks for the token), nothing of a detector. */
const open = new Set(['/health', '/ready', '/']);

/** @returns what to answer a request that lacks the token with, `Authorization: Bearer <token>` */
export function tokenCheck(token: string): (request: FastifyRequest) => ServiceError | undefined {
  const expected = digest(token);
  return ({ url, headers }) => {
    const path = url.split('?')[0];
    if (open.has(path) || path.startsWith('/assets/')) return undefined;
    const [, given = ''] = /^Bearer +(.*)$/i.exec(headers.authorization ?? '') ?? [];
    // digests are of one length, and say nothing of how far a guess is right
    if (timingSafeEqual(digest(given), expected)) return undefined;
    return new ServiceError('needs the token of this station', {
      code: 'unauthorized',
      remedy: 'send it as `Authorization: Bearer <token>`',
    });
  };
}

/** It is the first hook of every route, also of those that do not exist: without the token all answers are alike. */
export function requireToken(app: FastifyInstance, check: ReturnType<typeof tokenCheck>): void {
  app.addHook('onRequest', async (request) => {
    const error = check(request);
    if (error) throw error;
  });
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
