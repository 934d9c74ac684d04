import { constantKey } from './constant-key.js';
import type { Op, Value } from './value.js';

/**
 * The ops without those that compute what an earlier one does: the same node of the same inputs. A gradient recomputes much of its
 * function, and ONNX Runtime, which would find that too, takes as many passes over the whole graph as such nodes follow each other.
 *
 * @param ops in an order in which they can run
 * @returns also the value that stands for each result that is no longer computed
 */
export function shareEqual(ops: readonly Op[]): { ops: Op[]; standsFor: ReadonlyMap<Value, Value> } {
  const standsFor = new Map<Value, Value>();
  const ids = new Map<Value, string>();
  const first = new Map<string, Op>();
  const idOf = (value: Value): string => {
    let id = ids.get(value);
    if (id === undefined) {
      id = value.constant ? constantKey(value) : `${ids.size}`;
      ids.set(value, id);
    }
    return id;
  };
  const kept: Op[] = [];
  for (const each of ops) {
    const inputs = each.inputs.map((value) => value && (standsFor.get(value) ?? value));
    const attributes = Object.keys(each.attributes).sort();
    const key = [
      each.domain,
      each.type,
      inputs.map((value) => (value ? idOf(value) : '')).join(),
      ...attributes.map((name) => `${name}=${JSON.stringify(each.attributes[name])}`),
      each.outputs.map(({ dtype, shape }) => `${dtype}[${shape}]`).join(),
    ].join(' ');
    const same = first.get(key);
    if (same) {
      each.outputs.forEach((value, i) => {
        standsFor.set(value, same.outputs[i]);
      });
      continue;
    }
    first.set(key, each);
    kept.push(inputs.some((value, i) => value !== each.inputs[i]) ? { ...each, inputs } : each);
  }
  return { ops: kept, standsFor };
}
