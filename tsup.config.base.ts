import type { Options } from 'tsup';

/** JavaScript only: the declarations come from `tsc`, see each package's `build` script. */
export const base: Options = {
  entry: ['src/index.ts'],
  format: ['esm'],
  target: 'es2022',
  dts: false,
  sourcemap: true,
  clean: true,
  splitting: true,
  treeshake: true,
};
