import { encodeModel, type GraphProto, type Metadata } from '../onnx/model.js';
import { addUnreadableOutput } from '../onnx/unreadable-output.js';
import type { Structure } from '../runtime/runtime.js';
import { blockConvolutions } from './block-convolutions.js';
import { constantKey } from './constant-key.js';
import { foldFixed, withoutFixed } from './fold-fixed.js';
import { fuseAffine } from './fuse-affine.js';
import { narrowSplit } from './narrow-split.js';
import { needsCpu } from './needs-cpu.js';
import { plainTransposes } from './plain-transposes.js';
import { shareEqual } from './share-equal.js';
import type { HostArray, Op, Value } from './value.js';

/** The part of the pending graph that some outputs need, in an order in which it can run. */
export interface Program {
  /**
   * Values that the graph reads, in order of first use; constants are not among them. One that has an op depends on
   * fixed values alone.
   */
  readonly inputs: Value[];
  readonly ops: readonly Op[];
  /** Distinct constants. */
  readonly constants: readonly Value[];
  readonly outputs: readonly Value[];
  /** Equal for two programs exactly when one compiled model serves both. */
  readonly key: string;
  readonly names: ReadonlyMap<Value, string>;
  readonly structure: Structure;
}

/**
 * @param options.fixed leaves that become part of the model: what depends on them alone is not computed by it
 * @param options.block see `blockConvolutions`
 * @param options.isCpu see `foldFixed` and `plainTransposes`
 * @param options.affine whether `fuseAffine` pays
 * @param options.share see `shareEqual`
 */
export function program(
  outputs: readonly Value[],
  {
    fixed = new Set(),
    block = () => undefined,
    isCpu = true,
    affine = false,
    share = false,
  }: {
    fixed?: ReadonlySet<Value>;
    block?: () => number | undefined;
    isCpu?: boolean;
    affine?: boolean;
    share?: boolean;
  } = {},
): Program {
  const needed = isCpu ? opsOf(outputs) : plainTransposes(opsOf(outputs));
  const folded = foldFixed(needed, outputs, { fixed, isCpu });
  const joined = affine ? fuseAffine(folded, outputs) : folded;
  const shared = share ? shareEqual(joined) : { ops: joined, standsFor: new Map<Value, Value>() };
  const ops = blockConvolutions(withoutFixed(shared.ops, fixed), fixed, block);
  const inputs: Value[] = [];
  const constants: Value[] = []; // one per distinct content
  const constantNames = new Map<string, string>();
  const names = new Map<Value, string>();

  const leaf = (value: Value) => {
    if (names.has(value)) return;
    if (value.constant) {
      const content = constantKey(value);
      const name = constantNames.get(content) ?? `c${constants.length}`;
      if (!constantNames.has(content)) {
        constantNames.set(content, name);
        constants.push(value);
      }
      names.set(value, name);
    } else {
      names.set(value, `i${inputs.length}`);
      inputs.push(value);
    }
  };
  for (const op of ops) {
    for (const input of op.inputs) if (input && !names.has(input)) leaf(input);
    for (const value of op.outputs) names.set(value, `v${names.size}`);
  }
  for (const output of outputs) {
    const value = shared.standsFor.get(output) ?? output;
    if (!names.has(value)) leaf(value);
    names.set(output, names.get(value)!);
  }
  let key: string | undefined;
  return {
    inputs,
    ops,
    outputs,
    names,
    constants,
    structure: { opTypes: new Set(ops.map(({ type }) => type)), shared: share },
    get key() {
      key ??= structuralKey({ inputs, constants, ops, outputs, names });
      return key;
    },
  };
}

/** The ops that `outputs` need, each after those it needs itself. */
export function opsOf(outputs: readonly Value[]): Op[] {
  const ops: Op[] = [];
  const visited = new Set<Op>();
  for (const output of outputs) {
    if (!output.op) continue;
    const stack: { op: Op; next: number }[] = [{ op: output.op, next: 0 }];
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      if (visited.has(top.op)) {
        stack.pop();
        continue;
      }
      if (top.next < top.op.inputs.length) {
        const input = top.op.inputs[top.next++];
        if (input?.op && !visited.has(input.op)) stack.push({ op: input.op, next: 0 });
        continue;
      }
      visited.add(top.op);
      ops.push(top.op);
      stack.pop();
    }
  }
  return ops;
}

function structuralKey(p: {
  inputs: Value[];
  constants: Value[];
  ops: readonly Op[];
  outputs: readonly Value[];
  names: Map<Value, string>;
}): string {
  const parts: string[] = [];
  for (const v of p.inputs) parts.push(v.dtype, v.shape.join('x'), ';');
  for (const v of p.constants) parts.push(constantKey(v), ';');
  for (const o of p.ops) {
    parts.push(o.domain, o.type, '(');
    for (const v of o.inputs) parts.push(v === null ? '' : p.names.get(v)!, ',');
    parts.push(')');
    for (const k in o.attributes) parts.push(k, JSON.stringify(o.attributes[k]));
    for (const v of o.outputs) parts.push(p.names.get(v)!, v.shape.join('x'));
  }
  for (const v of p.outputs) parts.push('>', p.names.get(v)!);
  return parts.join('');
}

export interface Model {
  bytes: Uint8Array;
  /** Name of each input that is fed, by its index in `program.inputs`; null where it was frozen. */
  inputNames: (string | null)[];
  /** Name of each output. */
  outputNames: string[];
  /** Names of the nodes that a GPU provider must leave to the CPU. */
  cpuNodes: string[];
  /** Constants that are not in `bytes`, by the name that `bytes` has for their data. */
  outside: Map<string, Value>;
  structure: Structure;
}

/** What `toGraph` takes beside the program. */
export interface GraphOptions {
  /** Of a `Split` node. @default any number */
  maxOutputs?: number;
  /** Names to give to the outputs; they must be no other value's. */
  outputNames?: readonly string[];
  /** Inputs that become initializers whose data is not in the model's bytes. */
  outside?: ReadonlySet<Value>;
  /** Of inputs and outputs that do not have the shape of their value. */
  dims?: (value: Value) => readonly (number | string)[];
}

/**
 * The program as an ONNX model. Inputs with an entry in `frozen` become initializers with that data.
 *
 * @param options.unreadable see `addUnreadableOutput`
 */
export function toModel(
  p: Program,
  frozen: ReadonlyMap<Value, HostArray> = new Map(),
  {
    metadata,
    unreadable = false,
    ...options
  }: GraphOptions & { metadata?: Metadata; unreadable?: boolean } = {},
): Model {
  const { graph, ...model } = toGraph(p, frozen, options);
  if (unreadable) addUnreadableOutput(graph);
  return { ...model, bytes: encodeModel(graph, metadata) };
}

/** As `toModel`, before it is written. */
export function toGraph(
  p: Program,
  frozen: ReadonlyMap<Value, HostArray> = new Map(),
  {
    maxOutputs = Number.POSITIVE_INFINITY,
    outputNames: given,
    outside = new Set(),
    dims = ({ shape }) => shape,
  }: GraphOptions = {},
): Omit<Model, 'bytes'> & { graph: GraphProto } {
  const outsideByName: Model['outside'] = new Map();
  const graph: GraphProto = { nodes: [], initializers: [], inputs: [], outputs: [] };
  for (const value of [...p.constants, ...p.inputs]) {
    const name = p.names.get(value)!;
    const data = value.constant ? value.data : frozen.get(value);
    if (outside.has(value)) {
      outsideByName.set(name, value);
      graph.initializers.push({ name, dtype: value.dtype, dims: [...value.shape], raw: name });
    } else if (data) {
      const raw = bytesOf(data);
      graph.initializers.push({ name, dtype: value.dtype, dims: [...value.shape], raw });
    } else {
      graph.inputs.push({ name, dtype: value.dtype, dims: dims(value) });
    }
  }
  const cpuNodes: string[] = [];
  for (const o of p.ops) {
    const name = needsCpu(o) ? `cpu${cpuNodes.length}` : undefined;
    if (name) cpuNodes.push(name);
    const node = {
      name,
      opType: o.type,
      domain: o.domain,
      inputs: o.inputs.map((v) => (v === null ? '' : p.names.get(v)!)),
      outputs: o.outputs.map((v) => p.names.get(v)!),
      attributes: o.attributes,
    };
    if (o.type === 'Split' && o.outputs.length > maxOutputs) {
      const axis = Number(o.attributes.axis ?? 0);
      const sizes = o.outputs.map(({ shape }) => shape.at(axis)!);
      const { nodes, initializers } = narrowSplit(node, sizes, maxOutputs);
      graph.nodes.push(...nodes);
      graph.initializers.push(...initializers);
    } else graph.nodes.push(node);
  }
  const leaves = new Set(p.inputs);
  const taken = new Set<string>();
  const outputNames = p.outputs.map((value, i) => {
    const source = p.names.get(value)!;
    let name = source;
    if (given || !value.op || leaves.has(value) || taken.has(source)) {
      // ONNX wants outputs to be distinct and not inputs.
      name = given?.[i] ?? `o${i}`;
      graph.nodes.push({ opType: 'Identity', domain: '', inputs: [source], outputs: [name], attributes: {} });
    }
    taken.add(name);
    graph.outputs.push({ name, dtype: value.dtype, dims: dims(value) });
    return name;
  });
  const inputNames = p.inputs.map((value) =>
    frozen.has(value) || outside.has(value) ? null : p.names.get(value)!,
  );
  return { graph, inputNames, outputNames, cpuNodes, outside: outsideByName, structure: p.structure };
}

export function bytesOf(data: HostArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
