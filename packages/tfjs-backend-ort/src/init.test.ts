import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { initOrt } from './init.js';

const here = fileURLToPath(new URL('..', import.meta.url));
const modules = join(here, '../../node_modules');

const script = `
import * as tf from '@tensorflow/tfjs';
import { compile, initOrt } from 'tfjs-backend-ort';
await initOrt({ threads: 2 });
const w = tf.variable(tf.ones([2, 2]));
const step = compile((x) => { w.assign(tf.add(w, x)); return tf.sum(tf.matMul(w, x)); });
for (let i = 0; i < 2; i++) (await step(tf.tensor2d([[1, 2], [3, 4]]))).dispose();
console.log(JSON.stringify([...await w.data()]));
process.exit(0);`;

/** Runs the script where this package is installed with `installed` beside it, and without onnxruntime-node. */
async function runWith(installed: string[]): Promise<{ stdout: string; stderr: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'tfjs-backend-ort-'));
  try {
    const own = join(folder, 'node_modules/tfjs-backend-ort');
    await mkdir(own, { recursive: true });
    await cp(join(here, 'dist'), join(own, 'dist'), { recursive: true });
    await cp(join(here, 'package.json'), join(own, 'package.json'));
    for (const name of ['@tensorflow', 'protobufjs', ...installed]) {
      await symlink(join(modules, name), join(folder, 'node_modules', name), 'dir');
    }
    await writeFile(join(folder, 'script.mjs'), script);
    return await promisify(execFile)(process.execPath, ['script.mjs'], { cwd: folder });
  } finally {
    await rm(folder, { recursive: true });
  }
}

it("runs on onnxruntime-web's WebAssembly where onnxruntime-node is missing, and says so", async () => {
  const { stdout, stderr } = await runWith(['onnxruntime-web']);
  expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toEqual([3, 5, 7, 9]);
  expect(stderr).toMatch(/onnxruntime-node does not load on .*WebAssembly serves instead/);
}, 60_000);

it('gives the install command where neither runtime is there', async () => {
  await expect(runWith([])).rejects.toThrow(/onnxruntime-node does not load.*npm install onnxruntime-web/);
}, 60_000);

it('says what a provider needs that does not start, and leaves the backend as it was', async () => {
  await initOrt({ threads: 1 });
  const t = tf.tensor1d([1, 2]);
  await expect(initOrt({ executionProviders: ['nonesuch'] })).rejects.toThrow(
    /provider 'nonesuch' does not start/,
  );
  expect(Array.from(await t.data())).toEqual([1, 2]);
  t.dispose();
});

it('gives the remedy where CUDA is not installed', async () => {
  const failure = await initOrt({ executionProviders: ['cuda'] }).then(
    () => null,
    (error: Error) => error.message,
  );
  if (failure !== null) {
    expect(failure).toMatch(
      /^initOrt: the execution provider 'cuda' does not start here: .*NVIDIA GPU with CUDA/,
    );
    expect(failure).toContain('; it needs');
    expect(failure).toContain('npx ddad engines add ort-cuda');
  }
});

it('refuses half a thread', async () => {
  await expect(initOrt({ threads: 0.5 })).rejects.toThrow('threads must be a positive integer, but got 0.5');
});
