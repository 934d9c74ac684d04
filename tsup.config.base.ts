import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Options } from 'tsup';

/** JavaScript only: the declarations come from `tsc`, see each package's `build` script. */
export const base: Options = {
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'es2022',
  dts: false,
  sourcemap: true,
  // the build of `web` runs beside this one
  clean: ['!web/**'],
  splitting: true,
  treeshake: true,
};

/**
 * The same entry for browsers, in `dist/web`, which the export condition `browser` chooses: where there is an `x.web.ts`,
 * it stands in for `x.ts`.
 */
export const web: Options = {
  ...base,
  outDir: 'dist/web',
  clean: true,
  platform: 'browser',
  esbuildPlugins: [
    {
      name: 'web',
      setup({ onResolve }) {
        onResolve({ filter: /^\.{1,2}\/.*\.js$/ }, ({ path, importer }) => {
          const standIn = resolve(dirname(importer), path.replace(/\.js$/, '.web.ts'));
          return existsSync(standIn) ? { path: standIn } : undefined;
        });
      },
    },
  ],
};
