import { checkOptions } from '@ddad/options';
import {
  describeDiff,
  diffStateDict,
  type StateDict,
  type StateDictDiff,
  type StateTensor,
} from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';
import { tfjsShape, toTfjs } from './layout.js';
import type { Parameter } from './parameter.js';

/**
 * Names that did not match: `missing` ones were kept as they were, `unexpected` ones ignored; `misshapen` is empty,
 * since that is an error. Optional ones are never `missing`, as in PyTorch.
 */
export type LoadResult = StateDictDiff;

/** Sets the variables of `entries` from a PyTorch state dict; nothing is changed if it throws. */
export function loadParameters(
  entries: ReadonlyMap<string, Parameter>,
  stateDict: StateDict,
  options: { strict: boolean; who: string },
): LoadResult {
  checkOptions('loadParameters', options, { strict: true, who: true });
  const { strict, who } = options;
  const found = diffStateDict(stateDict, new Map([...entries].map(([name, { shape }]) => [name, shape])));
  const diff = { ...found, missing: found.missing.filter((name) => !entries.get(name)!.optional) };
  const { missing, unexpected, misshapen } = diff;
  if (misshapen.length || (strict && (missing.length || unexpected.length))) {
    const what = strict ? diff : { missing: [], unexpected: [], misshapen };
    // the message stays short, its cause is complete
    throw new Error(`${who}: the state dict does not fit: ${describeDiff(what)}`, {
      cause: new Error(describeDiff(what, Number.POSITIVE_INFINITY)),
    });
  }
  const given = [...entries.values()].flatMap((entry) => {
    const tensor = stateDict.get(entry.name);
    return tensor ? [{ entry, values: numbers(tensor, entry.name, who) }] : [];
  });
  for (const { entry, values } of given) {
    const { variable, shape, layout, dtype } = entry;
    const value = tf.tensor(
      dtype === 'I64' ? Int32Array.from(values) : toTfjs(Float32Array.from(values), shape, layout),
      tfjsShape(shape, layout),
      dtype === 'I64' ? 'int32' : 'float32',
    );
    variable.assign(value);
    value.dispose();
  }
  return diff;
}

function numbers({ data, dtype }: StateTensor, name: string, who: string) {
  if (data instanceof BigInt64Array) return Float64Array.from(data, Number);
  if (data instanceof Float32Array || data instanceof Float64Array || data instanceof Int32Array) return data;
  throw new Error(
    `${who}: ${name} has dtype ${dtype}; needs floating-point values (readStateDict widens F16 and BF16)`,
  );
}
