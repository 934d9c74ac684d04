import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { pageFolder } from '../page-folder.js';

const types: { [extension: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** What the page may do: nothing with other hosts. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** `GET /`, the page on which people judge, and what it is made of. */
export async function pageRoute(app: FastifyInstance): Promise<void> {
  const folder = fileURLToPath(pageFolder);
  // the whole of it is small, and what a request names is never a path
  const files = new Map<string, string>();
  for (const name of await readdir(join(folder, 'assets'))) files.set(name, join(folder, 'assets', name));
  app.addHook('onSend', async (_request, reply) => {
    reply.header('content-security-policy', policy);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'no-referrer');
  });
  app.get('/', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .type(types['.html'])
      .header('cache-control', 'no-cache')
      .send(await readFile(join(folder, 'index.html'))),
  );
  app.get<{ Params: { file: string } }>(
    '/assets/:file',
    { schema: { hide: true } },
    async (request, reply) => {
      const path = files.get(request.params.file);
      if (!path) return reply.callNotFound();
      return reply
        .type(types[extname(path)] ?? 'application/octet-stream')
        .header('cache-control', 'public, max-age=31536000, immutable')
        .send(await readFile(path));
    },
  );
}
