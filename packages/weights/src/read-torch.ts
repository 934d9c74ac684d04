import type { ReadOptions } from './read-safetensors.js';
import type { StateDict } from './state-dict.js';
import { refuse } from './torch/limits.js';
import { load } from './torch/load.js';
import { materializer } from './torch/materialize.js';
import { isKind, type PickleValue } from './torch/objects.js';
import { widen } from './widen.js';

export interface ReadTorchOptions extends ReadOptions {
  /**
   * Which entry of the saved dict holds the tensors.
   *
   * @default the dict itself where it holds tensors, else the first present of `state_dict`,
   * `model_state_dict`, `model`, `module`, `net`, else its only entry that is a dict of tensors
   */
  key?: string;
}

type Dict = Map<PickleValue, PickleValue>;

const wrappers = ['state_dict', 'model_state_dict', 'model', 'module', 'net'];

/**
 * The tensors of a file written by PyTorch's `torch.save` (`.pth`, `.pt`; the zip format and the legacy one).
 *
 * No code is executed: the pickle is read by a small machine that builds tensors and plain containers, and
 * refuses everything else by name. Views, shared storages, strides and offsets are honoured; equal views of one
 * storage share one array. Half precision types are widened to `F32`. Entries that are not tensors (an epoch
 * number beside the weights) are left out.
 *
 * The order and names are those of the file; see `stripPrefix` for names that begin with `module.`.
 *
 * @throws Error where the file is damaged, was written on a big-endian machine, holds anything but tensors and
 * plain containers, or unfolds to more than 16 times its size (plus 1 MiB).
 */
export function readTorch(bytes: Uint8Array, { key, keepHalf = false }: ReadTorchOptions = {}): StateDict {
  const dict = select(load(bytes), key);
  const materialize = materializer(bytes.length);
  const stateDict: StateDict = new Map();
  for (const [name, view] of dict) {
    if (!isKind(view, 'tensor')) continue;
    const tensor = materialize(String(name), view);
    stateDict.set(String(name), keepHalf ? tensor : widen(tensor));
  }
  return stateDict;
}

function select(saved: PickleValue, key: string | undefined): Dict {
  if (!(saved instanceof Map)) {
    throw refuse("the file does not hold a dict of tensors; save the model's state_dict()");
  }
  if (key !== undefined) {
    const chosen = dictOfTensors(saved.get(key));
    if (chosen) return chosen;
    throw refuse(`the file has no dict of tensors under "${key}"; ${keysOf(saved)}`);
  }
  const nested = [...saved].filter(([, value]) => dictOfTensors(value)).map(([name]) => String(name));
  if (saved.size === 0 || dictOfTensors(saved)) {
    if (nested.length === 0) return saved;
    throw refuse(
      `the file holds tensors and dicts of tensors (${nested.join(', ')}); choose one with { key }`,
    );
  }
  const name = wrappers.find((wrapper) => nested.includes(wrapper)) ?? (nested.length === 1 ? nested[0] : '');
  const chosen = dictOfTensors(saved.get(name));
  if (chosen) return chosen;
  throw refuse(`cannot tell which entry holds the weights; ${keysOf(saved)}; choose one with { key }`);
}

function dictOfTensors(value: PickleValue | undefined): Dict | undefined {
  const holds = value instanceof Map && [...value.values()].some((item) => isKind(item, 'tensor'));
  return holds ? value : undefined;
}

function keysOf(dict: Dict): string {
  const names = [...dict.keys()].map(String);
  return `it has ${names.length} entries: ${names.slice(0, 8).join(', ')}${names.length > 8 ? ', ...' : ''}`;
}
