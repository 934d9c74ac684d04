import type { GraphProto, NodeProto } from '../onnx/model.js';

/**
 * A `Split` with more than `width` outputs as a tree of narrower ones: a WebGPU shader writes to few buffers at once.
 *
 * @param sizes of the outputs along the axis
 */
export function narrowSplit(
  { inputs: [source], outputs, attributes }: NodeProto,
  sizes: readonly number[],
  width: number,
): Pick<GraphProto, 'nodes' | 'initializers'> {
  const graph: Pick<GraphProto, 'nodes' | 'initializers'> = { nodes: [], initializers: [] };
  const split = (from: string, names: readonly string[], parts: readonly number[]) => {
    // Whole trees of nodes with `width` outputs each: as few nodes as there can be.
    let each = 1;
    while (each * width < names.length) each *= width;
    const groups: { names: readonly string[]; parts: readonly number[] }[] = [];
    for (let i = 0; i < names.length; i += each) {
      groups.push({ names: names.slice(i, i + each), parts: parts.slice(i, i + each) });
    }
    const sizesName = `${from}:${names[0]}:sizes`;
    graph.initializers.push({
      name: sizesName,
      dtype: 'int64',
      dims: [groups.length],
      raw: new Uint8Array(BigInt64Array.from(groups, (group) => BigInt(sum(group.parts))).buffer),
    });
    const groupNames = groups.map((group) =>
      group.names.length === 1 ? group.names[0] : `${from}:${group.names[0]}`,
    );
    const inputs = [from, sizesName];
    graph.nodes.push({ opType: 'Split', domain: '', inputs, outputs: groupNames, attributes });
    groups.forEach((group, i) => {
      if (group.names.length > 1) split(groupNames[i], group.names, group.parts);
    });
  };
  split(source, outputs, sizes);
  return graph;
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}
