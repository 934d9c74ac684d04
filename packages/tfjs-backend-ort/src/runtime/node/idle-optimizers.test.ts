import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import protobuf from 'protobufjs/minimal.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { program, toModel } from '../../graph/program.js';
import { hostValue, op, scalar, type Value } from '../../graph/value.js';
import { idleOptimizers } from './idle-optimizers.js';

const { binding, initOrt } = createRequire(import.meta.url)('onnxruntime-node/dist/binding.js');
let folder: string;
beforeAll(async () => {
  initOrt();
  folder = await mkdtemp(join(tmpdir(), 'idle-'));
});
afterAll(() => rm(folder, { recursive: true }));

const shape = [4, 8];
const input = (size = shape) => hostValue('float32', size, new Float32Array(size.reduce((a, b) => a * b)));
const node = (type: string, ...inputs: Value[]) => op(type, inputs, 'float32', inputs[0].shape);
const mean = (x: Value) => {
  const axes = hostValue('int64', [1], BigInt64Array.of(1n));
  axes.constant = true;
  return op('ReduceMean', [x, axes], 'float32', [4, 1]);
};
const layerNorm = (square: (x: Value) => Value) => {
  const [x, gain, offset] = [input(), input([8]), input([8])];
  const centred = node('Sub', x, mean(x));
  const deviation = node('Sqrt', node('Add', mean(square(centred)), scalar(1e-5)));
  return node('Add', node('Mul', node('Div', centred, deviation), gain), offset);
};
const gelu = (x: Value) => {
  const inner = node('Add', node('Erf', node('Div', x, scalar(Math.SQRT2))), scalar(1));
  return node('Mul', node('Mul', x, inner), scalar(0.5));
};
const product = (x: Value, w: Value) => op('MatMul', [x, w], 'float32', [4, 8]);

const graphs: Record<string, () => { result: Value; finds: string[] }> = {
  'layer norm by powers': () => ({
    result: layerNorm((x) => node('Pow', x, scalar(2))),
    finds: ['LayerNormalization'],
  }),
  'layer norm by products': () => ({ result: layerNorm((x) => node('Mul', x, x)), finds: ['ReduceMean'] }),
  'skip and layer norm': () => ({
    result: node(
      'Add',
      layerNorm((x) => node('Pow', x, scalar(2))),
      input(),
    ),
    finds: ['LayerNormalization'],
  }),
  gelu: () => ({ result: gelu(input()), finds: ['Gelu'] }),
  'gelu with a bias': () => ({ result: gelu(node('Add', input(), input([8]))), finds: ['BiasGelu'] }),
  silu: () => {
    const x = product(input(), input([8, 8]));
    return { result: node('Mul', x, node('Sigmoid', x)), finds: ['QuickGelu'] };
  },
  'products and sums': () => ({
    result: node('Relu', node('Add', product(input(), input([8, 8])), input([8]))),
    finds: ['FusedGemm'],
  }),
  'chained reshapes': () => {
    const reshape = (x: Value, to: number[]) => {
      const dims = hostValue('int64', [to.length], BigInt64Array.from(to, BigInt));
      dims.constant = true;
      return op('Reshape', [x, dims], 'float32', to, { attributes: { allowzero: 1 } });
    };
    const first = reshape(node('Neg', input()), [2, 16]);
    return { result: node('Neg', reshape(reshape(first, [32]), [16, 2])), finds: ['Reshape'] };
  },
};

/** The nodes that ONNX Runtime makes of the graph, in alphabetical order. */
async function optimized(result: Value, without: string[]): Promise<string[]> {
  const path = join(folder, 'optimized.onnx');
  const { bytes } = toModel(program([result], { share: true }));
  const session = new binding.InferenceSession();
  session.loadModel(bytes.buffer, bytes.byteOffset, bytes.byteLength, {
    optimizedModelFilePath: path,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    extra: { optimization: { disable_specified_optimizers: without.join(';') } },
  });
  session.dispose();
  return opTypes(await readFile(path)).sort();
}

function opTypes(model: Uint8Array): string[] {
  const types: string[] = [];
  const reader = protobuf.Reader.create(model);
  const fields = (end: number, take: (field: number, wire: number) => void) => {
    while (reader.pos < end) {
      const tag = reader.uint32();
      take(tag >>> 3, tag & 7);
    }
  };
  const inside = (take: (field: number, wire: number) => void) => {
    const length = reader.uint32();
    fields(reader.pos + length, take);
  };
  fields(reader.len, (field, wire) => {
    if (field !== 7) reader.skipType(wire);
    else
      inside((field, wire) => {
        if (field !== 1) reader.skipType(wire);
        else
          inside((field, wire) => {
            if (field === 4) types.push(reader.string());
            else reader.skipType(wire);
          });
      });
  });
  return types;
}

it.each(Object.keys(graphs))('nothing is lost without them: %s', async (name) => {
  const { result, finds } = graphs[name]();
  const { structure } = program([result], { share: true });
  const idle = idleOptimizers({ ...structure, isCpu: true });
  const [all, some] = [await optimized(result, []), await optimized(result, idle)];
  expect(some).toEqual(all);
  expect(all).toEqual(expect.arrayContaining(finds));
});
