import { byteLengthOf, type HostArray, type Value } from '../graph/value.js';
import type { Runtime, SessionResult, Stash } from '../runtime/runtime.js';

/** Where computed values lie, on the host, on the device or in a file, and when that place is given up. */
export class Residency {
  /** Values that lost their last holder; their memory is released when nothing runs or is pending. */
  private readonly unheld = new Set<Value>();
  private readonly onDevice = new Set<Value>();
  private bytes = 0;
  private running = 0;

  /** @param isIdle whether nothing waits to be computed, so that nothing but holders refers to a value */
  constructor(
    private readonly runtime: Runtime,
    private readonly isIdle: () => boolean,
  ) {}

  get deviceBytes(): number {
    return this.bytes;
  }

  /** Keeps a value until it is released as often as it was held. */
  hold(value: Value): void {
    value.holders++;
  }

  release(value: Value): void {
    if (--value.holders > 0) return;
    if (!this.runtime.device && !value.stored) return;
    this.unheld.add(value);
    this.sweep();
  }

  sweep(): void {
    const { device } = this.runtime;
    if (this.unheld.size === 0 || this.running > 0 || !this.isIdle()) return;
    for (const value of this.unheld) {
      if (value.holders > 0) continue;
      value.stored?.release();
      value.stored = null;
      if (!this.onDevice.delete(value)) continue;
      device!.dispose(value.handle);
      value.handle = null;
      this.bytes -= byteLengthOf(value);
    }
    this.unheld.clear();
  }

  /** Puts what a session gave into a value. */
  fill(value: Value, { data, handle }: SessionResult): void {
    value.op = null;
    value.data = data;
    value.handle = handle;
    if (!data) this.settle(value);
  }

  private settle(value: Value): void {
    this.onDevice.add(value);
    this.bytes += byteLengthOf(value);
    if (value.holders === 0) this.unheld.add(value);
  }

  /** Device memory stays as it is while `fn` runs, whatever is disposed meanwhile. */
  async whileRunning<T>(fn: () => Promise<T>): Promise<T> {
    this.running++;
    try {
      return await fn();
    } finally {
      this.running--;
      this.sweep();
    }
  }

  /** Brings a computed value to the host, for good. */
  async toHost(value: Value): Promise<HostArray> {
    if (!value.data && !value.stored) {
      const { handle } = value;
      value.data = await this.whileRunning(() => this.runtime.device!.download(handle));
    }
    return this.toHostSync(value);
  }

  toHostSync(value: Value): HostArray {
    if (value.stored) {
      value.data = value.stored.read();
      value.stored.release();
      value.stored = null;
    }
    if (!value.data) {
      const { device } = this.runtime;
      if (!device?.downloadSync) throw new Error(NO_SYNC);
      value.data = device.downloadSync(value.handle);
    }
    return value.data;
  }

  /** The elements of a computed value, which stays where it is. */
  async peek(value: Value): Promise<HostArray> {
    return value.stored ? value.stored.read() : this.toHost(value);
  }

  peekSync(value: Value): HostArray {
    return value.stored ? value.stored.read() : this.toHostSync(value);
  }

  /** Whether a value lies on the host and nowhere else. */
  isOnHost(value: Value): boolean {
    return value.data !== null && !this.onDevice.has(value);
  }

  /** Moves a value from the host to `stash`. */
  store(value: Value, stash: Stash): void {
    value.stored = stash.put(value.data!);
    value.data = null;
    value.handle = null;
    value.reusable = false;
  }

  /** What a session takes for a computed value. Host data that is fed again moves to the device for good. */
  feed(value: Value): unknown {
    const { device, wrap } = this.runtime;
    if (value.stored) this.toHostSync(value);
    if (device && value.data && value.size > 0 && value.handle && !this.onDevice.has(value)) {
      value.handle = device.upload(value.handle);
      this.settle(value);
    }
    value.handle ??= wrap(value.dtype, value.shape, value.data!);
    return value.handle;
  }

  dispose(): void {
    for (const { handle } of this.onDevice) this.runtime.device?.dispose(handle);
    this.onDevice.clear();
  }
}

export const NO_SYNC =
  'tfjs-backend-ort: this runtime cannot compute synchronously. Use `await tensor.data()` instead of `dataSync()`.';
