import { type Model, type Program, toGraph } from '../graph/program.js';
import type { Value } from '../graph/value.js';
import { encodeModel, type GraphProto, type ValueInfoProto } from '../onnx/model.js';
import { addUnreadableOutput } from '../onnx/unreadable-output.js';

/** What the inputs and outputs of a step are when it is repeated. */
export interface LoopParts {
  /** Inputs that are other ones in each step. */
  scanned: readonly Value[];
  /** What a step takes from the one before, in the order in which they are the program's last outputs; null: not taken. */
  carried: readonly (Value | null)[];
}

/** The model's inputs of what is carried come first, then those of the stacks; then what stays the same in all steps. */
export interface LoopModel extends Model {
  /** Inputs of the program that are the same in all steps. */
  fixed: readonly Value[];
}

/**
 * A program as the body of an ONNX `Scan`, which repeats it as often as the stacks of its scanned inputs are long. The
 * program's first outputs are stacked, what it carries comes out as the last step leaves it.
 *
 * @param options.unreadable see `addUnreadableOutput`
 */
export function loopModel(
  p: Program,
  { scanned, carried }: LoopParts,
  { maxOutputs, unreadable }: { maxOutputs?: number; unreadable: boolean },
): LoopModel {
  const { graph: body, outputNames, cpuNodes } = toGraph(p, new Map(), { maxOutputs });
  const info = new Map([...body.inputs, ...body.outputs].map((each) => [each.name, each]));
  const stackedCount = p.outputs.length - carried.length;
  const [stackedNames, carriedNames] = [outputNames.slice(0, stackedCount), outputNames.slice(stackedCount)];
  const named = (name: string, { dtype, dims }: ValueInfoProto): ValueInfoProto => ({ name, dtype, dims });
  const stacked = (name: string, { dtype, dims }: ValueInfoProto): ValueInfoProto => ({
    name,
    dtype,
    dims: ['steps', ...dims!],
  });

  const states = carried.map((value, i) => {
    const after = info.get(carriedNames[i])!;
    return { after, before: value ? info.get(p.names.get(value)!)! : named(`unused${i}`, after) };
  });
  const slices = scanned.map((value) => info.get(p.names.get(value)!)!);
  const inside = new Set([...states.map(({ before }) => before), ...slices]);
  const fixed = p.inputs.filter((value) => !inside.has(info.get(p.names.get(value)!)!));

  const graph: GraphProto = {
    initializers: [],
    inputs: [
      ...states.map(({ before }, i) => named(`before${i}`, before)),
      ...slices.map((slice, i) => stacked(`stack${i}`, slice)),
      ...fixed.map((value) => info.get(p.names.get(value)!)!),
    ],
    outputs: [
      ...stackedNames.map((name, i) => stacked(`each${i}`, info.get(name)!)),
      ...states.map(({ after }, i) => named(`after${i}`, after)),
    ],
    nodes: [
      {
        opType: 'Scan',
        domain: '',
        inputs: [...states.map((_, i) => `before${i}`), ...slices.map((_, i) => `stack${i}`)],
        outputs: [...states.map((_, i) => `after${i}`), ...stackedNames.map((_, i) => `each${i}`)],
        attributes: {
          num_scan_inputs: slices.length,
          body: {
            graph: {
              ...body,
              inputs: [...states.map(({ before }) => before), ...slices],
              outputs: [...states.map(({ after }) => after), ...stackedNames.map((name) => info.get(name)!)],
            },
          },
        },
      },
    ],
  };
  const names = graph.outputs.map(({ name }) => name);
  if (unreadable) addUnreadableOutput(graph);
  return {
    bytes: encodeModel(graph),
    inputNames: graph.inputs.map(({ name }) => name),
    outputNames: names,
    cpuNodes,
    structure: p.structure,
    outside: new Map(),
    fixed,
  };
}
