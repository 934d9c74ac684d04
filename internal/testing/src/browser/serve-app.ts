import { join } from 'node:path';
import { build, preview } from 'vite';

export interface ServedApp {
  /** The page's address. */
  url: string;
  close(): Promise<void>;
}

/** Where a page is served: `isolated` is cross-origin isolated, as WebAssembly's threads need it. */
export type Headers = 'plain' | 'isolated';

/** Bundles the page of `root/index.html` as a user's bundler would, and serves it with each kind of headers. */
export async function serveApp(root: string): Promise<Record<Headers, ServedApp>> {
  const outDir = join(root, '../../node_modules/.cache/browser-app');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true, minify: false, target: 'esnext', chunkSizeWarningLimit: Infinity },
  });
  const serve = async (headers: Record<string, string>): Promise<ServedApp> => {
    const server = await preview({
      root,
      configFile: false,
      logLevel: 'error',
      build: { outDir },
      preview: { port: 0, host: '127.0.0.1', headers },
    });
    return { url: server.resolvedUrls!.local[0], close: () => server.close() };
  };
  return {
    plain: await serve({}),
    isolated: await serve({
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
    }),
  };
}
