import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectNoLeak, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { program, toModel } from '../../graph/program.js';
import { hostValue, op, scalar, type Value } from '../../graph/value.js';
import { compile, initOrt } from '../../index.js';
import { KeptGraphs, type Opening } from './kept-graphs.js';

const { binding, initOrt: initNative } = createRequire(import.meta.url)('onnxruntime-node/dist/binding.js');
let parent: string;
let folder: string;
const warnings: string[] = [];
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'kept-'));
  folder = join(parent, 'made', 'graphs');
  warnings.length = 0;
  vi.spyOn(console, 'warn').mockImplementation((message) => void warnings.push(message));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(parent, { recursive: true });
});

describe('KeptGraphs', () => {
  beforeAll(() => initNative());

  const x = hostValue('float32', [4], Float32Array.of(1, 2, 3, 4));
  /** `x` times `factor`, to the power of 4. */
  function model(factor: number): Uint8Array {
    let value: Value = op('Mul', [x, scalar(factor)], 'float32', [4]);
    for (let i = 0; i < 2; i++) value = op('Mul', [value, value], 'float32', [4]);
    return toModel(program([op('Identity', [value], 'float32', [4])]), undefined, { outputNames: ['y'] })
      .bytes;
  }
  const openings: Opening[] = [];
  function open(bytes: Uint8Array, opening: Opening) {
    openings.push(opening);
    const session = new binding.InferenceSession();
    session.loadModel(bytes.buffer, bytes.byteOffset, bytes.byteLength, {
      graphOptimizationLevel: opening.kept ? 'disabled' : 'all',
      logSeverityLevel: 4,
      ...(opening.saveTo && { optimizedModelFilePath: opening.saveTo }),
      extra: { session: opening.saveTo ? { save_model_format: 'ORT' } : {} },
    });
    return session;
  }
  const { Tensor } = createRequire(import.meta.url)('onnxruntime-node');
  /** What a session made of `factor` computes, and how it was made. */
  async function result(graphs: KeptGraphs, factor: number, settings: string[] = []) {
    openings.length = 0;
    const session = await graphs.load(model(factor), settings, open);
    const { y } = session.run({ i0: new Tensor('float32', x.data, [4]) }, { y: null }, {});
    session.dispose();
    return { values: Array.from(y.data as Float32Array), openings: [...openings] };
  }
  const wanted = (factor: number) => [1, 2, 3, 4].map((value) => (value * factor) ** 4);
  const graphs = (options: { version?: string; maxBytes?: number } = {}) =>
    new KeptGraphs(folder, { version: '1', ...options });
  const made = [{ saveTo: expect.any(String) }];
  const kept = [{ kept: true }];

  it('keeps a graph for whoever comes next', async () => {
    expect(await result(graphs(), 2)).toEqual({ values: wanted(2), openings: made });
    const files = await readdir(folder);
    expect(files).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.graph$/)]);
    expect(await result(graphs(), 2)).toEqual({ values: wanted(2), openings: kept });
    expect(await readdir(folder)).toEqual(files);
    expect(warnings).toEqual([]);
  });

  it('takes none of another model, of other settings or of another version', async () => {
    await result(graphs(), 2);
    expect((await result(graphs(), 3)).values).toEqual(wanted(3));
    expect((await result(graphs(), 2, ['other'])).openings).toEqual(made);
    expect((await result(graphs({ version: '2' }), 2)).openings).toEqual(made);
    expect(await readdir(folder)).toHaveLength(4);
  });

  it.each<[string, (bytes: Buffer) => Buffer]>([
    ['one bit is another', (bytes) => bytes.fill(bytes[200] ^ 1, 200, 201)],
    ['it is cut off', (bytes) => bytes.subarray(0, bytes.length - 1)],
    ['it is empty', () => Buffer.alloc(0)],
    ['it is something else', () => Buffer.from('<html>')],
  ])('says so and makes it again where %s', async (_, damage) => {
    await result(graphs(), 2);
    const [name] = await readdir(folder);
    const path = join(folder, name);
    const whole = await readFile(path);
    await writeFile(path, damage(Buffer.from(whole)));
    expect(await result(graphs(), 2)).toEqual({ values: wanted(2), openings: made });
    expect(warnings).toEqual([`tfjs-backend-ort: ${path} is damaged and is made again.`]);
    expect((await result(graphs(), 2)).openings).toEqual(kept);
  });

  it("does not take another graph's file for its own", async () => {
    await result(graphs(), 2);
    const [two] = await readdir(folder);
    const bytes = await readFile(join(folder, two));
    await result(graphs(), 3);
    const three = (await readdir(folder)).find((name) => name !== two)!;
    await writeFile(join(folder, three), bytes);
    expect(await result(graphs(), 3)).toEqual({ values: wanted(3), openings: made });
    expect(warnings).toHaveLength(1);
  });

  it('removes the least recently used beyond the limit, and what killed processes left', async () => {
    await result(graphs(), 2);
    const [two] = await readdir(folder);
    const size = (await readFile(join(folder, two))).length;
    await result(graphs(), 3);
    const three = (await readdir(folder)).find((name) => name !== two)!;
    const age = (name: string, seconds: number) =>
      utimes(join(folder, name), new Date(), new Date(Date.now() - 1000 * seconds));
    await mkdir(join(folder, '.making-dead'));
    await mkdir(join(folder, '.making-alive'));
    await Promise.all([age(two, 200), age(three, 100), age('.making-dead', 7200)]);
    await result(graphs(), 2); // the older one, used again
    await result(graphs({ maxBytes: 2.5 * size }), 4);
    const left = await readdir(folder);
    expect(left).toHaveLength(3);
    expect(left).toEqual(expect.arrayContaining([two, '.making-alive']));
    expect(left).not.toContain(three);
  });

  it('serves several at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 6 }, (_, i) => graphs().load(model(2 + (i % 2)), [], open)),
    );
    expect(await readdir(folder)).toHaveLength(2);
    for (const session of all) session.dispose();
    expect((await result(graphs(), 2)).openings).toEqual(kept);
    expect((await result(graphs(), 3)).openings).toEqual(kept);
    expect(warnings).toEqual([]);
  });

  it('does without where the folder cannot be made, and says so once', async () => {
    await writeFile(join(parent, 'made'), '');
    const none = graphs();
    expect((await result(none, 2)).values).toEqual(wanted(2));
    expect((await result(none, 2)).openings).toEqual([{}]);
    expect(warnings).toEqual([
      `tfjs-backend-ort: graphs are not kept in ${folder}: a part of the path is a file, not a folder`,
    ]);
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'does without where it may not write',
    async () => {
      await mkdir(folder, { recursive: true });
      await chmod(folder, 0o500);
      expect((await result(graphs(), 2)).values).toEqual(wanted(2));
      expect(warnings).toEqual([`tfjs-backend-ort: graphs are not kept in ${folder}: permission denied`]);
    },
  );

  it("throws the model's own error", async () => {
    const broken = model(2).fill(255, 0, 40);
    await expect(graphs().load(broken, [], open)).rejects.toThrow();
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a training step', () => {
  const shape = [16];
  /** Three steps of a function of some thousand nodes, enough to be kept. */
  async function train(): Promise<number[]> {
    const w = tf.tidy(() => tf.variable(tf.tensor1d(uniform('w', shape))));
    const x = tf.tensor1d(uniform('x', shape));
    const step = compile((given: tf.Tensor) => {
      const { value, grads } = tf.variableGrads(() => {
        let y: tf.Tensor = w;
        for (let i = 0; i < 200; i++) y = tf.tanh(tf.add(tf.mul(y, given), i / 1000));
        return tf.mean(y).asScalar();
      }, [w]);
      w.assign(tf.sub(w, grads[w.name]));
      return value;
    });
    const losses: number[] = [];
    for (let i = 0; i < 3; i++) {
      const loss = await step(x);
      losses.push((await loss.data())[0]);
      loss.dispose();
    }
    losses.push(...(await w.data()));
    step.dispose();
    tf.dispose([w, x]);
    return losses;
  }

  it('has the same bits with a kept graph, which holds no values of variables', () =>
    expectNoLeak(async () => {
      await initOrt({ threads: 1 });
      const plain = await train();
      await initOrt({ threads: 1, graphCache: folder });
      const first = await train();
      const [name, ...others] = await readdir(folder);
      expect(others).toEqual([]);
      const bytes = await readFile(join(folder, name));
      await initOrt({ threads: 1, graphCache: folder });
      const second = await train();
      expect(first).toEqual(plain);
      expect(second).toEqual(plain);
      expect(await readFile(join(folder, name))).toEqual(bytes);
      expect(bytes.includes(Buffer.from(Float32Array.from(uniform('w', shape)).slice(0, 2).buffer))).toBe(
        false,
      );
      await initOrt({ threads: 1 });
    }));

  it('is not kept where variables are frozen or no folder is given', async () => {
    await mkdir(folder, { recursive: true });
    let bytes = 0;
    await initOrt({ threads: 1, graphCache: folder, onModel: (model) => (bytes = model.length) });
    const w = tf.tidy(() => tf.variable(tf.tensor1d(uniform('w', shape))));
    const frozen = compile(
      (x: tf.Tensor) => {
        let y = x;
        for (let i = 0; i < 400; i++) y = tf.tanh(tf.add(tf.mul(y, w), i / 1000));
        return y;
      },
      { freeze: [w] },
    );
    const x = tf.tensor1d(uniform('x', shape));
    tf.dispose([await frozen(x), x]);
    expect(bytes).toBeGreaterThan(1 << 15);
    frozen.dispose();
    w.dispose();
    await initOrt({ threads: 1, graphCache: null });
    await train();
    expect(await readdir(folder)).toEqual([]);
  });
});
