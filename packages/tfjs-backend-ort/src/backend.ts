import * as tf from '@tensorflow/tfjs';
import { toHostOrder } from './graph/host.js';
import { program, toModel } from './graph/program.js';
import { type DType, type HostArray, hostValue, type Value } from './graph/value.js';
import { plain, shapeOf, type View } from './graph/view.js';
import type { Runtime, Session } from './runtime/runtime.js';
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
 * A lazy tfjs backend: kernels add ONNX nodes to a pending graph, and reading a tensor runs what is pending as
 * one ONNX model, whose session is kept for the next graph of the same structure.
 */
export class OrtBackend extends tf.KernelBackend {
  private readonly store: tf.DataStorage<TensorData>;
  private readonly pending = new Set<object>();
  private readonly sessions: SessionCache;
  private opsSinceFlush = 0;
  private tracer: Tracer | null = null;

  constructor(
    readonly runtime: Runtime,
    readonly options: { threads: number; maxSessions?: number; onModel?: (bytes: Uint8Array) => void },
  ) {
    super();
    this.store = new tf.DataStorage<TensorData>(this, tf.engine());
    this.sessions = new SessionCache(options.maxSessions ?? 256);
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
      this.store.set(dataId, { view, dtype, refCount, host: values as Uint8Array[] });
      return;
    }
    const value = hostValue(dtype, [...shape], toTypedArray(values, dtype));
    const view = this.tracer ? this.tracer.onWrite(value) : plain(value);
    this.store.set(dataId, { view, dtype, refCount });
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
    this.store.delete(dataId);
    return true;
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
    this.store.set(dataId, { view, dtype, refCount: 1 });
    if (view.value.op) {
      this.pending.add(dataId);
      if (++this.opsSinceFlush > MAX_PENDING_OPS && !this.tracer && this.runtime.loadSync) this.flushSync();
    }
    return { dataId, shape: shapeOf(view), dtype };
  }

  /** A new tensor over host data, row-major. */
  hostOutput(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): tf.TensorInfo {
    const dataId = {};
    if (dtype === 'string') this.move(dataId, values, shape, dtype, 1);
    else {
      const value = hostValue(dtype as DType, [...shape], toTypedArray(values, dtype));
      this.store.set(dataId, { view: plain(value), dtype, refCount: 1 });
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
    this.store.set(dataId, { view, dtype, refCount: 1 });
    return { dataId, shape: shapeOf(view), dtype };
  }

  complexOutput(real: tf.TensorInfo, imag: tf.TensorInfo): tf.TensorInfo {
    const own = (info: tf.TensorInfo): tf.TensorInfo => this.output(this.view(info), 'float32');
    const dataId = {};
    const view = plain(hostValue('bool', [0], new Uint8Array(0)));
    this.store.set(dataId, {
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
    if (entry.view.value.op || !entry.view.value.data) {
      this.tracer?.onRead();
      await this.flush();
    }
    return toHostOrder(entry.view) as tf.backend_util.BackendValues;
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
    if (entry.view.value.op || !entry.view.value.data) {
      this.tracer?.onRead();
      this.flushSync();
    }
    return toHostOrder(entry.view) as tf.backend_util.BackendValues;
  }

  /** Computes every pending tensor. */
  async flush(): Promise<void> {
    const plan = this.plan();
    if (!plan) return;
    const session =
      this.sessions.get(plan.key) ?? this.sessions.add(plan.key, await this.load(plan.build(), plan.threads));
    plan.store(await session.run(plan.feeds));
  }

  flushSync(): void {
    const plan = this.plan();
    if (!plan) return;
    const { loadSync } = this.runtime;
    if (!loadSync) {
      throw new Error(
        'tfjs-backend-ort: this runtime cannot compute synchronously. Use `await tensor.data()` instead of `dataSync()`.',
      );
    }
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
  }

  async load(model: ReturnType<typeof toModel>, threads: number): Promise<Session> {
    this.options.onModel?.(model.bytes);
    return this.runtime.load(model.bytes, { ...sessionNames(model), threads });
  }

  feed(value: Value): unknown {
    value.handle ??= this.runtime.wrap(value.dtype, value.shape, value.data!);
    return value.handle;
  }

  private plan() {
    const outputs = new Set<Value>();
    for (const dataId of this.pending) {
      const { value } = this.store.get(dataId).view;
      if (value.op) outputs.add(value);
    }
    if (outputs.size === 0) {
      this.pending.clear();
      this.opsSinceFlush = 0;
      return null;
    }
    const p = program([...outputs]);
    const elements = p.ops.reduce((sum, o) => sum + o.outputs[0].size, 0);
    const pending = [...this.pending];
    return {
      key: p.key,
      feeds: p.inputs.map((value) => this.feed(value)),
      build: () => toModel(p),
      threads: elements < SMALL_GRAPH ? 1 : this.options.threads,
      store: (results: { data: HostArray; handle: unknown }[]) => {
        p.outputs.forEach((value, i) => {
          value.op = null;
          value.data = results[i].data;
          value.handle = results[i].handle;
        });
        for (const dataId of pending) this.pending.delete(dataId);
        this.opsSinceFlush = this.pending.size;
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

  override memory(): { unreliable: boolean } {
    return { unreliable: false };
  }

  override timerAvailable(): boolean {
    return true;
  }

  /** Runs what is pending, then `f` and what it left pending. */
  override async time(f: () => void): Promise<tf.BackendTimingInfo> {
    await this.flush();
    const start = tf.util.now();
    f();
    await this.flush();
    return { kernelMs: tf.util.now() - start };
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
    this.sessions.clear();
  }
}

/** Graphs with fewer elements than this run on one thread: waking a pool costs more than they do. */
const SMALL_GRAPH = 1 << 15;

function sessionNames(model: { inputNames: (string | null)[]; outputNames: string[] }) {
  return {
    inputNames: model.inputNames.filter((name): name is string => name !== null),
    outputNames: model.outputNames,
  };
}

function toTypedArray(values: tf.backend_util.BackendValues, dtype: tf.DataType): HostArray {
  const ArrayType = dtype === 'float32' ? Float32Array : dtype === 'int32' ? Int32Array : Uint8Array;
  return values instanceof ArrayType ? values : ArrayType.from(values as unknown as number[]);
}
