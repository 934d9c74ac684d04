import { checkOptions } from '@ddad/options';
import { describeDiff, diffStateDict, type StateDict } from '@ddad/weights';
import * as tf from '@tensorflow/tfjs';

/** Named float32 variables as they are, in tfjs layout: for optimizer states. */
export async function readVariables(variables: ReadonlyMap<string, tf.Variable>): Promise<StateDict> {
  const stateDict: StateDict = new Map();
  for (const [name, variable] of variables) {
    const data = Float32Array.from(await variable.data());
    stateDict.set(name, { dtype: 'F32', shape: [...variable.shape], data });
  }
  return stateDict;
}

/** The inverse of {@link readVariables}; throws if names or shapes differ, changing nothing. */
export function assignVariables(
  variables: ReadonlyMap<string, tf.Variable>,
  stateDict: StateDict,
  options: { who: string },
): void {
  checkOptions('assignVariables', options, { who: true });
  const { who } = options;
  const shapes = new Map([...variables].map(([name, { shape }]) => [name, shape]));
  const problem = describeDiff(diffStateDict(stateDict, shapes));
  if (problem) throw new Error(`${who}: the state does not fit: ${problem}`);
  for (const [name, variable] of variables) {
    const value = tf.tensor(stateDict.get(name)!.data as Float32Array, variable.shape, 'float32');
    variable.assign(value);
    value.dispose();
  }
}

/** Gives the variables the values of the same names. */
export function assignValues(
  variables: ReadonlyMap<string, tf.Variable>,
  values: ReadonlyMap<string, tf.Tensor>,
): void {
  for (const [name, variable] of variables) variable.assign(values.get(name)!);
}

/** Runs `use` while the variables have other values. */
export async function withValues<T>(
  variables: ReadonlyMap<string, tf.Variable>,
  values: ReadonlyMap<string, tf.Tensor>,
  use: () => Promise<T>,
): Promise<T> {
  const own = new Map([...variables].map(([name, variable]) => [name, variable.clone()]));
  try {
    assignValues(variables, values);
    return await use();
  } finally {
    assignValues(variables, own);
    tf.dispose([...own.values()]);
  }
}
