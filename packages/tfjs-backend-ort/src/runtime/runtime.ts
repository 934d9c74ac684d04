import type { DType, HostArray, Stored } from '../graph/value.js';

/** A loaded model. Feeds and results are in the order of the names given when it was loaded. */
export interface Session {
  run(feeds: readonly unknown[]): Promise<SessionResult[]>;
  /**
   * Computes into tensors of `wrap`, given in the order of the output names. Only for a model with an unreadable
   * output; absent where the runtime cannot.
   */
  runInto?(feeds: readonly unknown[], results: readonly unknown[]): void;
  /** As `run`, without returning to the event loop; absent where the runtime cannot. */
  runSync?(feeds: readonly unknown[]): SessionResult[];
  dispose(): void;
}

export interface SessionResult {
  /** Null if the result stays on the device. */
  data: HostArray | null;
  /** The runtime's own tensor object, good as a feed. */
  handle: unknown;
}

export interface ExternalData {
  path: string;
  byteLength: number;
  read(): Promise<Uint8Array>;
}

/** Storage outside of memory. */
export interface Stash {
  put(data: HostArray): Stored;
}

/** What is known of a model's graph. */
export interface Structure {
  readonly opTypes: ReadonlySet<string>;
  /** Whether no two nodes compute the same. */
  readonly shared: boolean;
}

export interface SessionOptions {
  inputNames: readonly string[];
  outputNames: readonly string[];
  /** Nodes that a GPU provider must leave to the CPU. */
  cpuNodes: readonly string[];
  /** Constants of the model that are not in its bytes; each is read once, one after the other. */
  externalData?: readonly ExternalData[];
  /** Threads inside an op. */
  threads: number;
  structure: Structure;
  /** Whether the optimised graph may outlast the process, which it does with the constants in its bytes. @default false */
  keep?: boolean;
  /** Whether threads without work wait spinning: faster alone where a run has many small parts. @default false */
  spin?: boolean;
}

/** Memory in which results stay until they are asked for. */
export interface Device {
  download(handle: unknown): Promise<HostArray>;
  /** As `download`, without returning to the event loop; absent where the runtime cannot. */
  downloadSync?(handle: unknown): HostArray;
  /** A tensor of the device with the elements of one over host data. */
  upload(handle: unknown): unknown;
  dispose(handle: unknown): void;
}

/** What the backend needs from an ONNX Runtime package. */
export interface Runtime {
  readonly description: string;
  /** Whether ops run on the processor. */
  readonly isCpu: boolean;
  load(model: Uint8Array, options: SessionOptions): Promise<Session>;
  /** As `load`, without returning to the event loop; absent where the runtime cannot. */
  loadSync?(model: Uint8Array, options: SessionOptions): Session;
  /** Gives the event loop a turn: see `turns`. Native runs and WebAssembly's hold it up. */
  turn(): Promise<void>;
  /** The runtime's tensor object over host data (no copy). */
  wrap(dtype: DType, shape: readonly number[], data: HostArray): unknown;
  /** Whether sessions have `runInto`. */
  readonly runsInto: boolean;
  /** Outputs that a node may have. @default any number */
  readonly maxOutputs?: number;
  /** Channels of a block in a layout for convolutions that a model may use; absent or undefined where there is none. */
  convolutionBlock?(): number | undefined;
  /** Opens storage outside of memory; absent where there is none. */
  stash?(): Stash;
  /** Absent if results lie on the host. */
  readonly device?: Device;
}
