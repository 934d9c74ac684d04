import { readFile } from 'node:fs/promises';
import { engineProjects } from '@ddad/testing';
import { defineConfig, type Plugin } from 'vitest/config';

/** What tsup's loader of the same files does. */
const safetensors: Plugin = {
  name: 'safetensors',
  enforce: 'pre',
  async load(id) {
    if (!id.endsWith('.safetensors')) return undefined;
    return `export default '${(await readFile(id)).toString('base64')}'`;
  },
};

export default defineConfig({
  test: { projects: engineProjects().map((project) => ({ ...project, plugins: [safetensors] })) },
});
