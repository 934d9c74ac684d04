import * as tf from '@tensorflow/tfjs';
import { toHostOrder } from '../graph/host.js';
import { type DType, type HostArray, hostValue, type Value } from '../graph/value.js';
import { plain, shapeOf, type View } from '../graph/view.js';
import type { KernelBackend } from '../kernels/kernel.js';
import type { Runtime } from '../runtime/runtime.js';
import { ModelLoader } from './model-loader.js';
import { Pending } from './pending.js';
import { Residency } from './residency.js';

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

/**
 * A lazy tfjs backend: kernels add ONNX nodes to a pending graph, and reading a tensor runs what is pending as
 * one ONNX model, whose session is kept for the next graph of the same structure.
 */
export class OrtBackend extends tf.KernelBackend implements KernelBackend {
  private readonly store: tf.DataStorage<TensorData>;
  private tracer: Tracer | null = null;
  readonly values: Residency;
  readonly loader: ModelLoader;
  readonly pending: Pending;

  constructor(
    readonly runtime: Runtime,
    readonly options: { threads: number; maxSessions?: number; onModel?: (bytes: Uint8Array) => void },
  ) {
    super();
    this.store = new tf.DataStorage<TensorData>(this, tf.engine());
    this.values = new Residency(runtime, () => this.pending.isIdle);
    this.loader = new ModelLoader(runtime, options.onModel);
    this.pending = new Pending({
      runtime,
      loader: this.loader,
      values: this.values,
      threads: options.threads,
      maxSessions: options.maxSessions,
      value: (dataId) => (this.store.has(dataId) ? this.store.get(dataId).view.value : undefined),
      isTracing: () => this.isTracing,
    });
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

  output(view: View, dtype: tf.DataType): tf.TensorInfo {
    const dataId = {};
    this.add(dataId, { view, dtype, refCount: 1 });
    if (view.value.op) this.pending.add(dataId);
    return { dataId, shape: shapeOf(view), dtype };
  }

  hostOutput(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): tf.TensorInfo {
    const dataId = {};
    if (dtype === 'string') this.move(dataId, values, shape, dtype, 1);
    else {
      const value = hostValue(dtype as DType, [...shape], toTypedArray(values, dtype));
      this.add(dataId, { view: plain(value), dtype, refCount: 1 });
    }
    return { dataId, shape, dtype };
  }

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
    let ran = false;
    if (!isComputed(value)) {
      this.tracer?.onRead();
      ran = await this.pending.flush(dataId);
    }
    const { view } = entry;
    view.value.reusable = false;
    const data = toHostOrder(await this.values.peek(view.value), view);
    if (ran) await this.runtime.turn();
    return data as tf.backend_util.BackendValues;
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
      this.pending.flushSync(dataId);
    }
    const data = this.values.peekSync(entry.view.value);
    entry.view.value.reusable = false;
    return toHostOrder(data, entry.view) as tf.backend_util.BackendValues;
  }

  canReadSync(dataId: object): boolean {
    const { host, complex, view } = this.store.get(dataId);
    if (this.runtime.loadSync || host || view.value.data || view.value.stored) return true;
    return (
      complex !== undefined && [complex.real, complex.imag].every((part) => this.canReadSync(part.dataId))
    );
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
    if (sync) this.pending.flushSync();
    const start = now();
    f();
    if (!sync) return this.pending.flush().then(() => ({ kernelMs: now() - start }));
    this.pending.flushSync();
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
    this.pending.sessions.clear();
  }

  get cachedSessions(): number {
    return this.pending.sessions.size;
  }

  override dispose(): void {
    this.values.dispose();
    this.pending.sessions.clear();
  }
}

function isComputed({ op, data, handle, stored }: Value): boolean {
  return !op && (data !== null || handle !== null || stored !== null);
}

function toTypedArray(values: tf.backend_util.BackendValues, dtype: tf.DataType): HostArray {
  const ArrayType = dtype === 'float32' ? Float32Array : dtype === 'int32' ? Int32Array : Uint8Array;
  return values instanceof ArrayType ? values : ArrayType.from(values as unknown as number[]);
}
