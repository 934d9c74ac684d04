import { checkOptions } from '@ddad/options';
import type { ReadOptions } from './read-safetensors.js';
import type { StateDict } from './state-dict.js';
import { refuse } from './torch/limits.js';
import { load } from './torch/load.js';
import { materializer } from './torch/materialize.js';
import { isKind } from './torch/objects.js';
import { select } from './torch/select.js';
import { widen } from './widen.js';

export interface ReadTorchOptions extends ReadOptions {
  /**
   * Which entry of the saved dict holds the tensors. Entries within entries are joined by dots (`ema.shadow`); where
   * tensors are named `<key>.<rest>`, they are taken as `<rest>` (`encoder_q`, `state_dict.backbone`).
   *
   * @default the only entry that is a state dict (a dict of more tensors than else), else the saved dict itself
   */
  key?: string;
}

/**
 * The tensors of a file written by PyTorch's `torch.save` (`.pth`, `.pt`; the zip format and the legacy one).
 *
 * No code is executed: the pickle is read by a small machine that builds tensors and plain containers, and
 * refuses everything else by name. Views, shared storages, strides and offsets are honoured; equal views of one
 * storage share one array. Half precision types are widened to `F32`. Entries that are not tensors (an epoch
 * number beside the weights) are left out, and so are tensors beside the state dict (`best_acc1`).
 *
 * The order and names are those of the file; see `stripWrapperPrefixes` for names that begin with `module.`.
 *
 * @throws Error where the file is damaged, was written on a big-endian machine, holds anything but tensors and
 * plain containers, more than one state dict and no `key`, or unfolds to more than 16 times its size (plus 1 MiB).
 */
export function readTorch(bytes: Uint8Array, options: ReadTorchOptions = {}): StateDict {
  checkOptions('readTorch', options, { key: true, keepHalf: true });
  const { key, keepHalf = false } = options;
  const dict = select(load(bytes), key);
  const materialize = materializer(bytes.length);
  const stateDict: StateDict = new Map();
  for (const [name, view] of dict) {
    if (!isKind(view, 'tensor')) continue;
    if (typeof name === 'object') throw refuse('a tensor whose name is no text');
    const text = String(name);
    if (stateDict.has(text)) throw refuse(`two tensors are named "${text}"`);
    const tensor = materialize(text, view);
    stateDict.set(text, keepHalf ? tensor : widen(tensor));
  }
  return stateDict;
}
