import * as tf from '@tensorflow/tfjs';
import { toHostOrder } from '../graph/host.js';
import { type Model, type Program, program, toModel } from '../graph/program.js';
import { type DType, type HostArray, hostValue, type Value } from '../graph/value.js';
import { plain, shapeOf, type View } from '../graph/view.js';
import type { ExternalData, Runtime, Session, SessionResult } from '../runtime/runtime.js';
import { NO_SYNC, Residency } from './residency.js';
import { SessionCache } from './session-cache.js';

export interface TensorData {
  view: View;
  dtype: tf.DataType;
  refCount: number;
  /** Values of the types no graph computes with: strings, and the parts of complex numbers. */
  host?: tf.backend_util.TypedArray | string[] | Uint8Array[];
  complex?: { real: tf.TensorInfo; imag: tf.TensorInfo };
}

/** Sees host data and reads while `compile` traces a function. */
export interface Tracer {
  onWrite(value: Value): View;
  onRead(): never;
}

/** Ops after which the pending graph runs although nobody asked for a value, so that it cannot grow for ever. */
const MAX_PENDING_OPS = 50_000;

/**
 * Ops after which it runs when the caller's synchronous code ends. A loop that awaits between its steps but reads no
 * value, as a `LayersModel`'s `fit` does until the end of an epoch, so runs whole steps, whose graphs are alike.
 */
const ENOUGH_OPS = 1_000;

/**
 * A lazy tfjs backend: kernels add ONNX nodes to a pending graph, and reading a tensor runs what is pending as
 * one ONNX model, whose session is kept for the next graph of the same structure.
 */
export class OrtBackend extends tf.KernelBackend {
  private readonly store: tf.DataStorage<TensorData>;
  private readonly pending = new Set<object>();
  /** Tensors that were pending in a run that failed: each is computed when it is asked for. */
  private readonly deferred = new Set<object>();
  private tail: Promise<unknown> = Promise.resolve();
  private readonly sessions: SessionCache;
  private opsSinceFlush = 0;
  private awaitsTurnEnd = false;
  private tracer: Tracer | null = null;
  readonly values: Residency;

  constructor(
    readonly runtime: Runtime,
    readonly options: { threads: number; maxSessions?: number; onModel?: (bytes: Uint8Array) => void },
  ) {
    super();
    this.store = new tf.DataStorage<TensorData>(this, tf.engine());
    this.sessions = new SessionCache(options.maxSessions ?? 256);
    this.values = new Residency(runtime, () => this.isIdle);
  }

  // --- storage ---------------------------------------------------------------------------------------------

  override numDataIds(): number {
    return this.store.numDataIds();
  }

  override refCount(dataId: object): number {
    return this.store.has(dataId) ? this.store.get(dataId).refCount : 0;
  }

  override incRef(dataId: object): void {
    this.store.get(dataId).refCount++;
  }

  decRef(dataId: object): void {
    if (this.store.has(dataId)) this.store.get(dataId).refCount--;
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    const dataId = {};
    this.move(dataId, values, shape, dtype, 1);
    return dataId;
  }

  override move(
    dataId: object,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    refCount: number,
  ): void {
    if (dtype === 'complex64')
      throw new Error('tfjs-backend-ort: complex64 cannot be moved between backends.');
    if (dtype === 'string') {
      const view = plain(hostValue('bool', [0], new Uint8Array(0)));
      this.add(dataId, { view, dtype, refCount, host: values as Uint8Array[] });
      return;
    }
    const value = hostValue(dtype, [...shape], toTypedArray(values, dtype));
    const view = this.tracer ? this.tracer.onWrite(value) : plain(value);
    this.add(dataId, { view, dtype, refCount });
  }

  override disposeData(dataId: object, force = false): boolean {
    if (!this.store.has(dataId)) return true;
    const entry = this.store.get(dataId);
    entry.refCount--;
    if (!force && entry.refCount > 0) return false;
    if (entry.complex) {
      this.disposeData(entry.complex.real.dataId, force);
      this.disposeData(entry.complex.imag.dataId, force);
    }
    this.pending.delete(dataId);
    this.deferred.delete(dataId);
    this.store.delete(dataId);
    this.values.release(entry.view.value);
    return true;
  }

  private add(dataId: object, entry: TensorData): void {
    this.store.set(dataId, entry);
    this.values.hold(entry.view.value);
  }

  /** Gives a stored tensor other elements, or the same ones in another layout. */
  setView(entry: TensorData, view: View): void {
    this.values.hold(view.value);
    this.values.release(entry.view.value);
    entry.view = view;
  }

  /** Nothing waits to be computed, so nothing but holders refers to a value. */
  get isIdle(): boolean {
    return this.pending.size === 0 && this.deferred.size === 0;
  }

  /** Kernels describe a compiled function: what tensors hold now is not what they will hold. */
  get isTracing(): boolean {
    return this.tracer !== null;
  }

  entry(dataId: object): TensorData {
    return this.store.get(dataId);
  }

  // --- what kernels use ------------------------------------------------------------------------------------

  view(info: tf.TensorInfo): View {
    return this.store.get(info.dataId).view;
  }

  /** A new tensor whose elements are `view`'s; nothing is computed yet. */
  output(view: View, dtype: tf.DataType): tf.TensorInfo {
    const dataId = {};
    this.add(dataId, { view, dtype, refCount: 1 });
    if (view.value.op) {
      this.pending.add(dataId);
      if (++this.opsSinceFlush > MAX_PENDING_OPS && !this.tracer && this.runtime.loadSync) this.flushSync();
      else if (this.opsSinceFlush >= ENOUGH_OPS && !this.awaitsTurnEnd) this.flushAtTurnEnd();
    }
    return { dataId, shape: shapeOf(view), dtype };
  }

  /** A new tensor over host data, row-major. */
  hostOutput(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): tf.TensorInfo {
    const dataId = {};
    if (dtype === 'string') this.move(dataId, values, shape, dtype, 1);
    else {
      const value = hostValue(dtype as DType, [...shape], toTypedArray(values, dtype));
      this.add(dataId, { view: plain(value), dtype, refCount: 1 });
    }
    return { dataId, shape, dtype };
  }

  /** As `hostOutput` for small tables that depend on attributes alone; part of the graph while tracing. */
  constantOutput(values: HostArray, shape: number[], dtype: tf.DataType): tf.TensorInfo {
    const info = this.hostOutput(values as tf.backend_util.BackendValues, shape, dtype);
    if (this.tracer) this.view(info).value.constant = true;
    return info;
  }

  /** A tensor whose elements come later: `view`'s value has neither data nor an op. */
  placeholder(view: View, dtype: tf.DataType): tf.TensorInfo {
    const dataId = {};
    this.add(dataId, { view, dtype, refCount: 1 });
    return { dataId, shape: shapeOf(view), dtype };
  }

  complexOutput(real: tf.TensorInfo, imag: tf.TensorInfo): tf.TensorInfo {
    const own = (info: tf.TensorInfo): tf.TensorInfo => this.output(this.view(info), 'float32');
    const dataId = {};
    const view = plain(hostValue('bool', [0], new Uint8Array(0)));
    this.add(dataId, {
      view,
      dtype: 'complex64',
      refCount: 1,
      complex: { real: own(real), imag: own(imag) },
    });
    return { dataId, shape: real.shape, dtype: 'complex64' };
  }

  complexPart(info: tf.TensorInfo, part: 'real' | 'imag'): tf.TensorInfo {
    const { complex } = this.store.get(info.dataId);
    if (!complex)
      throw new Error(`tfjs-backend-ort: ${part} needs a complex64 tensor, but got ${info.dtype}.`);
    return this.output(this.view(complex[part]), 'float32');
  }

  /** True if the tensor's data lies in this backend. */
  owns(dataId: object): boolean {
    return this.store.has(dataId);
  }

  // --- running ---------------------------------------------------------------------------------------------

  override async read(dataId: object): Promise<tf.backend_util.BackendValues> {
    const entry = this.store.get(dataId);
    if (entry.host) return entry.host as tf.backend_util.BackendValues;
    if (entry.complex) {
      const [real, imag] = await Promise.all([
        this.read(entry.complex.real.dataId),
        this.read(entry.complex.imag.dataId),
      ]);
      return tf.backend_util.mergeRealAndImagArrays(real as Float32Array, imag as Float32Array);
    }
    const { value } = entry.view;
    if (!isComputed(value)) {
      this.tracer?.onRead();
      await this.flush(dataId);
    }
    const data = await this.values.peek(entry.view.value);
    entry.view.value.reusable = false;
    return toHostOrder(data, entry.view) as tf.backend_util.BackendValues;
  }

  override readSync(dataId: object): tf.backend_util.BackendValues {
    const entry = this.store.get(dataId);
    if (entry.host) return entry.host as tf.backend_util.BackendValues;
    if (entry.complex) {
      return tf.backend_util.mergeRealAndImagArrays(
        this.readSync(entry.complex.real.dataId) as Float32Array,
        this.readSync(entry.complex.imag.dataId) as Float32Array,
      );
    }
    if (!isComputed(entry.view.value)) {
      this.tracer?.onRead();
      this.flushSync(dataId);
    }
    const data = this.values.peekSync(entry.view.value);
    entry.view.value.reusable = false;
    return toHostOrder(data, entry.view) as tf.backend_util.BackendValues;
  }

  /** Whether `readSync` has the values, or a runtime that can get them at once. */
  canReadSync(dataId: object): boolean {
    const { host, complex, view } = this.store.get(dataId);
    if (this.runtime.loadSync || host || view.value.data || view.value.stored) return true;
    return (
      complex !== undefined && [complex.real, complex.imag].every((part) => this.canReadSync(part.dataId))
    );
  }

  /**
   * Computes every pending tensor. Where one of them fails, `wanted` is computed alone and the others wait until
   * they are asked for.
   */
  flush(wanted?: object): Promise<void> {
    const run = async (dataIds: Iterable<object>) => {
      const plan = this.plan(dataIds);
      if (!plan) return;
      const session =
        this.sessions.get(plan.key) ??
        this.sessions.add(plan.key, await this.load(plan.build(), plan.threads));
      plan.store(await session.run(plan.feeds));
    };
    const result = this.tail.then(() =>
      this.values.whileRunning(async () => {
        const all = this.bulk(wanted);
        try {
          await run(all);
        } catch (error) {
          if (!wanted || all.size === 1) throw error;
          this.defer();
          await run([wanted]);
        }
      }),
    );
    this.tail = result.catch(() => undefined); // the caller sees the error; the next run starts afresh
    return result;
  }

  flushSync(wanted?: object): void {
    const run = (dataIds: Iterable<object>) => {
      const plan = this.plan(dataIds);
      if (!plan) return;
      const { loadSync } = this.runtime;
      if (!loadSync) throw new Error(NO_SYNC);
      let session = this.sessions.get(plan.key);
      if (!session) {
        const model = plan.build();
        this.options.onModel?.(model.bytes);
        session = this.sessions.add(
          plan.key,
          loadSync(model.bytes, { ...sessionNames(model), threads: plan.threads }),
        );
      }
      plan.store(session.runSync!(plan.feeds));
    };
    const all = this.bulk(wanted);
    try {
      run(all);
    } catch (error) {
      if (!wanted || all.size === 1) throw error;
      this.defer();
      run([wanted]);
    }
    this.values.sweep();
  }

  private flushAtTurnEnd(): void {
    this.awaitsTurnEnd = true;
    queueMicrotask(async () => {
      this.awaitsTurnEnd = false;
      if (this.opsSinceFlush < ENOUGH_OPS || this.tracer) return;
      try {
        if (this.runtime.loadSync) this.flushSync();
        else await this.flush();
      } catch {
        this.defer(); // whoever reads a tensor of it gets the error
        this.opsSinceFlush = 0;
      }
    });
  }

  private bulk(wanted?: object): Set<object> {
    const dataIds = new Set(this.pending);
    if (wanted) dataIds.add(wanted);
    return dataIds;
  }

  private defer(): void {
    for (const dataId of this.pending) this.deferred.add(dataId);
    this.pending.clear();
  }

  /** The pending graph of `outputs` as this runtime computes it fastest. */
  program(outputs: readonly Value[], fixed?: ReadonlySet<Value>): Program {
    return program(outputs, { fixed, block: this.runtime.convolutionBlock });
  }

  /** The program as an ONNX model that the runtime can run. */
  model(
    p: Program,
    frozen?: ReadonlyMap<Value, HostArray>,
    options: { unreadable?: boolean; outside?: ReadonlySet<Value> } = {},
  ): Model {
    return toModel(p, frozen, { maxOutputs: this.runtime.maxOutputs, ...options });
  }

  async load(model: Model, threads: number, externalData?: readonly ExternalData[]): Promise<Session> {
    this.options.onModel?.(model.bytes);
    return this.runtime.load(model.bytes, { ...sessionNames(model), threads, externalData });
  }

  /**
   * The elements of a value that depends on leaves whose elements `given` has.
   *
   * @param sessions those of values computed alike
   */
  async evaluate(
    value: Value,
    given: (leaf: Value) => Promise<HostArray>,
    sessions: SessionCache,
  ): Promise<HostArray> {
    const p = program([value]);
    const feeds: unknown[] = [];
    for (const leaf of p.inputs) feeds.push(this.runtime.wrap(leaf.dtype, leaf.shape, await given(leaf)));
    const session =
      sessions.get(p.key) ?? sessions.add(p.key, await this.load(this.model(p), this.options.threads));
    const [{ data, handle }] = await session.run(feeds);
    if (data) return data;
    const { device } = this.runtime;
    const downloaded = await device!.download(handle);
    device!.dispose(handle);
    return downloaded;
  }

  private plan(dataIds: Iterable<object>) {
    const outputs = new Set<Value>();
    const planned: object[] = [];
    for (const dataId of dataIds) {
      if (!this.store.has(dataId)) continue;
      planned.push(dataId);
      const { value } = this.store.get(dataId).view;
      if (value.op) outputs.add(value);
    }
    const done = () => {
      for (const dataId of planned) {
        this.pending.delete(dataId);
        this.deferred.delete(dataId);
      }
      this.opsSinceFlush = this.pending.size;
    };
    if (outputs.size === 0) {
      done();
      return null;
    }
    const p = this.program([...outputs]);
    const elements = p.ops.reduce((sum, o) => sum + o.outputs[0].size, 0);
    return {
      key: p.key,
      feeds: p.inputs.map((value) => this.values.feed(value)),
      build: () => this.model(p),
      threads: elements < SMALL_GRAPH ? 1 : this.options.threads,
      store: (results: SessionResult[]) => {
        p.outputs.forEach((value, i) => {
          this.values.fill(value, results[i]);
        });
        done();
      },
    };
  }

  // --- tracing ---------------------------------------------------------------------------------------------

  /** Runs `fn` with `tracer` told of host data and reads. Nothing may be pending. */
  trace<T>(tracer: Tracer, fn: () => T): T {
    this.tracer = tracer;
    try {
      return fn();
    } finally {
      this.tracer = null;
    }
  }

  assertNotTracing(what: string): void {
    if (this.tracer) throw new Error(`compile: ${what} cannot be part of a compiled function.`);
  }

  // --- the rest of tfjs's backend interface ----------------------------------------------------------------

  override memory(): { unreliable: boolean; numBytesInGPU?: number } {
    return this.runtime.device
      ? { unreliable: false, numBytesInGPU: this.values.deviceBytes }
      : { unreliable: false };
  }

  override timerAvailable(): boolean {
    return true;
  }

  /**
   * Calls `f` before it returns, as tfjs's profiler expects, and runs what `f` left pending. Where the runtime can
   * compute synchronously, what was pending before is not counted.
   */
  override time(f: () => void): Promise<tf.BackendTimingInfo> {
    const now = () => tf.util.now();
    if (this.tracer) {
      f();
      return Promise.resolve({ kernelMs: 0 });
    }
    const sync = this.runtime.loadSync !== undefined;
    if (sync) this.flushSync();
    const start = now();
    f();
    if (!sync) return this.flush().then(() => ({ kernelMs: now() - start }));
    this.flushSync();
    return Promise.resolve({ kernelMs: now() - start });
  }

  override floatPrecision(): 32 {
    return 32;
  }

  override epsilon(): number {
    return 1e-7;
  }

  /** Releases every compiled session; they are made again when needed. */
  clearCache(): void {
    this.sessions.clear();
  }

  get cachedSessions(): number {
    return this.sessions.size;
  }

  override dispose(): void {
    this.values.dispose();
    this.sessions.clear();
  }
}

/** Graphs with fewer elements than this run on one thread: waking a pool costs more than they do. */
const SMALL_GRAPH = 1 << 15;

function isComputed({ op, data, handle, stored }: Value): boolean {
  return !op && (data !== null || handle !== null || stored !== null);
}

function sessionNames(model: Model) {
  return {
    cpuNodes: model.cpuNodes,
    inputNames: model.inputNames.filter((name): name is string => name !== null),
    outputNames: model.outputNames,
  };
}

function toTypedArray(values: tf.backend_util.BackendValues, dtype: tf.DataType): HostArray {
  const ArrayType = dtype === 'float32' ? Float32Array : dtype === 'int32' ? Int32Array : Uint8Array;
  return values instanceof ArrayType ? values : ArrayType.from(values as unknown as number[]);
}
