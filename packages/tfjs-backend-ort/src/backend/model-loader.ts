import { type Model, type Program, program, toModel } from '../graph/program.js';
import type { HostArray, Value } from '../graph/value.js';
import type { Runtime, Session, SessionOptions } from '../runtime/runtime.js';

/** Graphs as sessions of a runtime. */
export class ModelLoader {
  constructor(
    private readonly runtime: Runtime,
    private readonly onModel?: (bytes: Uint8Array) => void,
  ) {}

  /**
   * The pending graph of `outputs` as this runtime computes it fastest.
   *
   * @param options.fixed see `program`
   * @param options.share see `program`
   */
  program(outputs: readonly Value[], options: { fixed?: ReadonlySet<Value>; share?: boolean } = {}): Program {
    const { convolutionBlock: block, isCpu, device } = this.runtime;
    // WebGPU would transpose the image on both sides of it.
    const affine = !isCpu && device === undefined;
    return program(outputs, { ...options, block, isCpu, affine });
  }

  /** The program as an ONNX model that the runtime can run. */
  model(
    p: Program,
    frozen?: ReadonlyMap<Value, HostArray>,
    options: { unreadable?: boolean; outside?: ReadonlySet<Value> } = {},
  ): Model {
    return toModel(p, frozen, { maxOutputs: this.runtime.maxOutputs, ...options });
  }

  load(
    model: Model,
    threads: number,
    options: Pick<SessionOptions, 'externalData' | 'keep' | 'spin'> = {},
  ): Promise<Session> {
    this.onModel?.(model.bytes);
    return this.runtime.load(model.bytes, { ...sessionNames(model), threads, ...options });
  }

  /** As `load`, where the runtime can do it without returning to the event loop. */
  loadSync(model: Model, threads: number): Session {
    this.onModel?.(model.bytes);
    return this.runtime.loadSync!(model.bytes, { ...sessionNames(model), threads });
  }
}

function sessionNames(model: Model) {
  return {
    cpuNodes: model.cpuNodes,
    structure: model.structure,
    inputNames: model.inputNames.filter((name): name is string => name !== null),
    outputNames: model.outputNames,
  };
}
