import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const root = fileURLToPath(new URL('app/', import.meta.url));
const outDir = fileURLToPath(new URL('../node_modules/.cache/browser-app', import.meta.url));

/** Bundles the test page as a user's bundler would. */
export async function bundle(): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, minify: false, target: 'esnext' },
  });
}

/** Serves the page, cross-origin isolated or not. Port 0: a free one. */
export async function serve(isolated: boolean): Promise<{ url: string; close: () => Promise<void> }> {
  const headers: Record<string, string> = isolated
    ? { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' }
    : {};
  const server = await preview({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir },
    preview: { port: 0, host: '127.0.0.1', headers },
  });
  return { url: server.resolvedUrls!.local[0], close: () => server.close() };
}
