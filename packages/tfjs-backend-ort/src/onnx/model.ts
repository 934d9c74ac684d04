import protobuf from 'protobufjs/minimal.js';

/**
 * The few messages of onnx.proto (IR version 9) that a computed graph needs, written through protobufjs's
 * wire-format writer. Field numbers are those of onnx.proto3.
 */

export type OnnxDType = 'float32' | 'int32' | 'int64' | 'bool' | 'uint8' | 'bfloat16';

export const ONNX_DTYPE: Record<OnnxDType, number> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  bfloat16: 16,
};

export type Attribute = number | string | number[] | { float: number } | { graph: GraphProto };

export interface NodeProto {
  /** Only for nodes that something refers to. */
  name?: string;
  opType: string;
  domain: string;
  inputs: string[];
  outputs: string[];
  attributes: Record<string, Attribute>;
}

export interface TensorProto {
  name: string;
  dtype: OnnxDType;
  dims: number[];
  /** The elements, or the name of the external data that holds them. */
  raw: Uint8Array | string;
}

export interface ValueInfoProto {
  name: string;
  dtype: OnnxDType;
  /** Absent: any shape. A name is a dimension of any size, the same wherever the name stands. */
  dims?: readonly (number | string)[];
}

export interface GraphProto {
  nodes: NodeProto[];
  initializers: TensorProto[];
  inputs: ValueInfoProto[];
  outputs: ValueInfoProto[];
}

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;
const tag = (field: number, wire: number) => (field << 3) | wire;

/** TensorProto.DataLocation */
const EXTERNAL = 1;
const ATTRIBUTE_TYPE = { float: 1, int: 2, string: 3, graph: 5, ints: 7 };

/** A model's `metadata_props`. */
export type Metadata = Readonly<Record<string, string>>;

/** A serialized ModelProto with opset 18, the com.microsoft contrib domain and those of the nodes. */
export function encodeModel(graph: GraphProto, metadata: Metadata = {}): Uint8Array {
  const w = protobuf.Writer.create();
  w.uint32(tag(1, VARINT)).int64(9);
  w.uint32(tag(2, BYTES)).string('tfjs-backend-ort');
  w.uint32(tag(7, BYTES));
  writeGraph(w, graph);
  writeOpset(w, '', 18);
  const domains = new Set(['com.microsoft', ...domainsOf(graph)]);
  domains.delete('');
  for (const domain of domains) writeOpset(w, domain, 1);
  for (const [key, value] of Object.entries(metadata)) {
    w.uint32(tag(14, BYTES)).fork();
    w.uint32(tag(1, BYTES)).string(key);
    w.uint32(tag(2, BYTES)).string(value);
    w.ldelim();
  }
  return w.finish();
}

function domainsOf({ nodes }: GraphProto): string[] {
  return nodes.flatMap(({ domain, attributes }) => [
    domain,
    ...Object.values(attributes).flatMap((value) => (isGraph(value) ? domainsOf(value.graph) : [])),
  ]);
}

function isGraph(value: Attribute): value is { graph: GraphProto } {
  return typeof value === 'object' && 'graph' in value;
}

function writeGraph(w: protobuf.Writer, graph: GraphProto): void {
  w.fork();
  for (const node of graph.nodes) writeNode(w, node);
  w.uint32(tag(2, BYTES)).string('graph');
  for (const tensor of graph.initializers) writeTensor(w, tensor);
  for (const info of graph.inputs) writeValueInfo(w, 11, info);
  for (const info of graph.outputs) writeValueInfo(w, 12, info);
  w.ldelim();
}

function writeOpset(w: protobuf.Writer, domain: string, version: number): void {
  w.uint32(tag(8, BYTES)).fork();
  w.uint32(tag(1, BYTES)).string(domain);
  w.uint32(tag(2, VARINT)).int64(version);
  w.ldelim();
}

function writeNode(w: protobuf.Writer, node: NodeProto): void {
  w.uint32(tag(1, BYTES)).fork();
  for (const name of node.inputs) w.uint32(tag(1, BYTES)).string(name);
  for (const name of node.outputs) w.uint32(tag(2, BYTES)).string(name);
  if (node.name) w.uint32(tag(3, BYTES)).string(node.name);
  w.uint32(tag(4, BYTES)).string(node.opType);
  for (const [name, value] of Object.entries(node.attributes)) writeAttribute(w, name, value);
  if (node.domain) w.uint32(tag(7, BYTES)).string(node.domain);
  w.ldelim();
}

function writeAttribute(w: protobuf.Writer, name: string, value: Attribute): void {
  w.uint32(tag(5, BYTES)).fork();
  w.uint32(tag(1, BYTES)).string(name);
  let type: number;
  if (typeof value === 'number') {
    w.uint32(tag(3, VARINT)).int64(value);
    type = ATTRIBUTE_TYPE.int;
  } else if (typeof value === 'string') {
    w.uint32(tag(4, BYTES)).string(value);
    type = ATTRIBUTE_TYPE.string;
  } else if (Array.isArray(value)) {
    for (const v of value) w.uint32(tag(8, VARINT)).int64(v);
    type = ATTRIBUTE_TYPE.ints;
  } else if (isGraph(value)) {
    w.uint32(tag(6, BYTES));
    writeGraph(w, value.graph);
    type = ATTRIBUTE_TYPE.graph;
  } else {
    w.uint32(tag(2, FIXED32)).float(value.float);
    type = ATTRIBUTE_TYPE.float;
  }
  w.uint32(tag(20, VARINT)).int32(type);
  w.ldelim();
}

function writeTensor(w: protobuf.Writer, tensor: TensorProto): void {
  w.uint32(tag(5, BYTES)).fork();
  for (const dim of tensor.dims) w.uint32(tag(1, VARINT)).int64(dim);
  w.uint32(tag(2, VARINT)).int32(ONNX_DTYPE[tensor.dtype]);
  w.uint32(tag(8, BYTES)).string(tensor.name);
  if (typeof tensor.raw === 'string') {
    w.uint32(tag(13, BYTES)).fork(); // external_data
    w.uint32(tag(1, BYTES)).string('location');
    w.uint32(tag(2, BYTES)).string(tensor.raw);
    w.ldelim();
    w.uint32(tag(14, VARINT)).int32(EXTERNAL);
  } else w.uint32(tag(9, BYTES)).bytes(tensor.raw);
  w.ldelim();
}

function writeValueInfo(w: protobuf.Writer, field: number, info: ValueInfoProto): void {
  w.uint32(tag(field, BYTES)).fork();
  w.uint32(tag(1, BYTES)).string(info.name);
  w.uint32(tag(2, BYTES)).fork(); // TypeProto
  w.uint32(tag(1, BYTES)).fork(); // tensor_type
  w.uint32(tag(1, VARINT)).int32(ONNX_DTYPE[info.dtype]);
  if (info.dims) {
    w.uint32(tag(2, BYTES)).fork(); // shape
    for (const dim of info.dims) {
      w.uint32(tag(1, BYTES)).fork();
      if (typeof dim === 'string')
        w.uint32(tag(2, BYTES)).string(dim); // dim_param
      else w.uint32(tag(1, VARINT)).int64(dim);
      w.ldelim();
    }
    w.ldelim();
  }
  w.ldelim().ldelim().ldelim();
}
