import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, it } from 'vitest';

/** The package as a bundler for browsers takes it, by the export condition `browser`; built before the tests. */
async function bundle() {
  const { outputFiles } = await build({
    stdin: {
      contents: "export * from '@ddad/weights'",
      resolveDir: fileURLToPath(new URL('.', import.meta.url)),
    },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
  });
  return outputFiles[0].text;
}

it('a bundle for browsers needs nothing of Node, has every name, and says what to do without files', async () => {
  const code = await bundle();
  expect(code).not.toMatch(/node:/);
  const [inBrowsers, inNode] = await Promise.all([
    import(`data:text/javascript,${encodeURIComponent(code)}`),
    import('./index.js'),
  ]);
  expect(Object.keys(inBrowsers).sort()).toEqual(Object.keys(inNode).sort());
  await expect(inBrowsers.readStateDict('x.pth')).rejects.toThrow(
    'readStateDict: needs a file system (Node); in a browser give the bytes to readSafetensors or readTorch',
  );
});
