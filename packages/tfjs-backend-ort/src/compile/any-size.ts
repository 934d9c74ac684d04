import { opsOf } from '../graph/program.js';
import { int64, type Op, op, scalar, type Value } from '../graph/value.js';

/**
 * Sizes to trace at: primes, which no other dimension is likely to have, and close together above 1024, so that no
 * tensor is small enough for another graph (`transposeValue`) at one of them alone.
 */
export const tracedSizes = [1031, 1033, 1039] as const;

/** What a function became at one size. */
export interface TracedGraph {
  results: readonly Value[];
  /** What a leaf stands for, the same in every trace. */
  identity(leaf: Value): unknown;
}

/** A function cannot become a model that takes any size. */
export class AnySizeError extends Error {
  override name = 'AnySizeError';
}

/** A number of a graph as a function of the size n: `base + slope * n`. */
interface Affine {
  base: number;
  slope: number;
}

/**
 * Makes the first of three graphs, traced from one function at `tracedSizes`, serve any size: every shape, extent and
 * index in it that changes from size to size is computed from the size when the model runs. Two sizes give the rule,
 * `base + slope * n`; the third has to obey it.
 *
 * @param graphs of each size; the ops of the first are changed
 * @param size the size as a scalar of the first graph, int64
 * @returns the dimensions of a value of the first graph, those that change by a name: `n`, `4n`
 * @throws {AnySizeError} the graphs differ in more than such numbers
 */
export function generalizeSize(
  graphs: readonly TracedGraph[],
  size: Value,
): (value: Value) => readonly (number | string)[] {
  const ops = graphs.map(({ results }) => opsOf(results));
  if (new Set(ops.map(({ length }) => length)).size > 1) {
    throw refused(`it has ${ops.map(({ length }) => length).join(', ')} operations`);
  }
  const dims = new Map<Value, (number | string)[]>();
  const computed = new Map<string, Value>();
  const identities = graphs.map(() => new Map<Value, unknown>());
  const meet = (values: readonly Value[], where: string) => {
    const [identity, ...others] = values.map((value, i) =>
      identities[i].has(value) ? identities[i].get(value) : graphs[i].identity(value),
    );
    if (others.some((other) => other !== identity)) throw refused(`${where} takes another tensor`);
    const rules = affine(
      values.map(({ shape }) => shape),
      where,
    );
    dims.set(values[0], rules.map(nameOf));
  };

  ops[0].forEach((first, i) => {
    const same = ops.map((each) => each[i]);
    if (new Set(same.map(signature)).size > 1) {
      throw refused(`operation ${i + 1} is ${[...new Set(same.map(signature))].join(', ')}`);
    }
    const inputs = first.inputs.map((input, k) => {
      const values = same.map(({ inputs }) => inputs[k]!);
      if (input?.constant) return generalConstant(values, first, k);
      if (input) meet(values, first.type);
      return input;
    });
    first.outputs.forEach((_, k) => {
      const values = same.map(({ outputs }) => outputs[k]);
      values.forEach((value, at) => {
        identities[at].set(value, `${i}.${k}`);
      });
      meet(values, first.type);
    });
    if (inputs.some((input, k) => input !== first.inputs[k])) {
      const general: Op = { ...first, inputs };
      for (const value of first.outputs) value.op = general;
    }
  });
  graphs[0].results.forEach((_, k) => {
    meet(
      graphs.map(({ results }) => results[k]),
      'the result',
    );
  });
  return (value) => dims.get(value) ?? value.shape;

  /** The constant input `k` of `user`, or what computes it where it is not the same in all graphs. */
  function generalConstant(values: readonly Value[], user: Op, k: number): Value {
    const [value] = values;
    const rules = affine(
      values.map(({ data }) => Array.from(data as ArrayLike<number | bigint>, Number)),
      user.type,
    );
    const changing = rules.filter(({ slope }) => slope !== 0).length;
    if (changing === 0) return value;
    if (value.dtype !== 'int64') throw refused(`${user.type} computes with it as a ${value.dtype}`);
    // The one dimension of a reshape that changes is what the others leave.
    if (
      user.type === 'Reshape' &&
      k === 1 &&
      changing === 1 &&
      rules.every((rule) => rule.slope || rule.base)
    ) {
      return int64(rules.map(({ slope, base }) => (slope ? -1 : base)));
    }
    const key = `${value.shape.length} ${JSON.stringify(rules)}`;
    let result = computed.get(key);
    if (!result) {
      const part = (of: keyof Affine) => {
        const numbers = rules.map((rule) => rule[of]);
        return value.shape.length ? int64(numbers) : scalar(numbers[0], 'int64');
      };
      const multiple = op('Mul', [size, part('slope')], 'int64', value.shape);
      result = op('Add', [multiple, part('base')], 'int64', value.shape);
      computed.set(key, result);
    }
    return result;
  }
}

function signature({ type, domain, attributes, inputs, outputs }: Op): string {
  const kinds = inputs.map((value) => value && `${value.constant ? 'constant ' : ''}${value.dtype}`);
  return `${domain}${domain && '.'}${type}(${kinds}) ${JSON.stringify(attributes)} x${outputs.length}`;
}

/** The rule of each number in three lists, one of each size. */
function affine([a, b, c]: readonly (readonly number[])[], where: string): Affine[] {
  const [m, n, o] = tracedSizes;
  if (a.length !== b.length || a.length !== c.length) throw refused(`${where} has other numbers of axes`);
  return a.map((value, i) => {
    if (value === b[i] && value === c[i]) return { base: value, slope: 0 };
    const slope = (b[i] - value) / (n - m);
    const base = value - slope * m;
    if (!Number.isInteger(slope) || base + slope * o !== c[i]) {
      throw refused(`a number of ${where} is ${[value, b[i], c[i]].join(', ')}`);
    }
    return { base, slope };
  });
}

function nameOf({ base, slope }: Affine): number | string {
  if (slope === 0) return base;
  return `${slope === 1 ? '' : slope}n${base === 0 ? '' : `${base < 0 ? '-' : '+'}${Math.abs(base)}`}`;
}

function refused(difference: string): AnySizeError {
  return new AnySizeError(
    `toOnnx: the function is not one graph for any size: at the sizes ${tracedSizes.join(', ')} ${difference}; give a ` +
      'number in place of null',
  );
}
