import { defineConfig } from 'vite';

/** The page that the station serves: `dist/page`, everything below `assets/` named by its content. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  build: {
    outDir: '../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    // a data: address would need an exception in the page's policy
    assetsInlineLimit: 0,
    rolldownOptions: {
      // the packages say so of themselves; TensorFlow.js, which the page has no use for, does not
      treeshake: { moduleSideEffects: (id) => id.includes('/page/') || id.startsWith('\0') },
    },
  },
});
