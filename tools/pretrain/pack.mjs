// Rounds the weights of a training run to float16, as `embedded()` ships them.
//
//   node tools/pretrain/pack.mjs <run>/embedded.safetensors packages/features/weights/embedded.safetensors
import { readStateDict, writeSafetensorsFile } from '@ddad/weights';
import { toHalf } from './half.mjs';

const [from, to] = process.argv.slice(2);
const stateDict = new Map();
for (const [name, { shape, data }] of await readStateDict(from)) {
  // how many batches were seen is of no use later
  if (name.endsWith('.num_batches_tracked')) continue;
  stateDict.set(name, { dtype: 'F16', shape, data: Uint16Array.from(data, toHalf) });
}
await writeSafetensorsFile(to, stateDict, { origin: 'tools/pretrain', licence: 'MIT' });
