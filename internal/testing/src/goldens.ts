import { readFileSync } from 'node:fs';
import { readSafetensors, type StateDict } from '@ddad/weights';
import { goldenParameter, size } from './hash.js';

const fixtures = new URL('../../../fixtures/', import.meta.url);

/** The tensors of `fixtures/<name>.safetensors`, PyTorch layout (NCHW, OIHW). */
export function goldens(name: string): StateDict {
  return readSafetensors(readFileSync(new URL(`${name}.safetensors`, fixtures)));
}

export function goldenJson<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.json`, fixtures), 'utf8')) as T;
}

/** The state dict of the golden module `name` ('unet32', 'resnet18', ...), in the order of its keys file. */
export function goldenState(name: string, tag = `p.${name}.`): StateDict {
  const keys = goldenJson<Record<string, number[]>>(`${name}.keys`);
  const state: StateDict = new Map();
  for (const [key, shape] of Object.entries(keys)) {
    if (size(shape) === 1 && key.endsWith('num_batches_tracked')) {
      state.set(key, { dtype: 'I64', shape, data: new BigInt64Array(1) });
    } else {
      state.set(key, { dtype: 'F32', shape, data: goldenParameter(tag, key, shape) });
    }
  }
  return state;
}
