// Rounds the weights of a training run to float16, as `embedded()` ships them.
//
//   node tools/pretrain/pack.mjs <run>/embedded.safetensors packages/features/weights/embedded.safetensors
import { readFileSync } from 'node:fs';
import { readSafetensors, readStateDict, writeSafetensorsFile } from '@ddad/weights';
import { toHalf } from './half.mjs';

const [from, to] = process.argv.slice(2);
const stateDict = new Map();
const trained = await readStateDict(from);
for (const [name, { shape, data }] of trained) {
  // how many batches were seen is of no use later
  if (name.endsWith('.num_batches_tracked')) continue;
  stateDict.set(name, { dtype: 'F16', shape, data: Uint16Array.from(data, toHalf) });
}
await writeSafetensorsFile(to, stateDict, { origin: 'tools/pretrain', licence: 'MIT' });

// half a unit in the last of 11 bits, or of the smallest step
const packed = readSafetensors(readFileSync(to));
let largest = 0;
for (const [name, { data }] of packed) {
  for (const [i, value] of trained.get(name).data.entries()) {
    const error = Math.abs(data[i] - value);
    if (!(error <= Math.max(2 ** -11 * Math.abs(value), 2 ** -25))) {
      throw new Error(`pack: ${name}[${i}] is ${data[i]} for ${value}`);
    }
    largest = Math.max(largest, error);
  }
}
console.log(`${to}: ${packed.size} tensors, rounded by at most ${largest.toExponential(2)}`);
