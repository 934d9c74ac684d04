import type * as tf from '@tensorflow/tfjs';
import type { OrtBackend } from '../backend/backend.js';
import { SessionCache } from '../backend/session-cache.js';
import { bytesOf, type Program, program } from '../graph/program.js';
import { byteLengthOf, type HostArray, type Value } from '../graph/value.js';
import type { ExternalData } from '../runtime/runtime.js';
import { warnOfMemory } from '../runtime/warn-of-memory.js';

/** Bytes from which a constant stays outside of the model's bytes. */
const LARGE = 1 << 16;
/** Bytes of frozen variables from which they leave memory. */
const WORTH_STORING = 1 << 24;

/** Variables whose values become constants of a graph, with what depends on them alone. */
export class Frozen {
  private readonly values = new Map<Value, Value>();
  /** Each keeps memory of the size of a kernel, so they go when the constants have been read. */
  private readonly sessions = new SessionCache(64);

  /** @param standIns the variables by what stands for them in the graph */
  constructor(
    private readonly backend: OrtBackend,
    private readonly standIns: ReadonlyMap<Value, tf.Variable>,
  ) {}

  /**
   * What the model of `p` needs to know of its constants; those of `outside` are read when the model is loaded. Until
   * then, and for as long as nothing but a session computes with them, large variables lie in a file: ONNX Runtime has
   * a copy of its own.
   */
  async constantsOf(p: Program): Promise<{ inside: Map<Value, HostArray>; outside: Set<Value> }> {
    const constants = p.inputs.filter((value) => this.standIns.has(value) || value.op);
    for (const constant of constants) {
      for (const leaf of constant.op ? program([constant]).inputs : [constant]) {
        this.values.set(leaf, this.backend.view(this.standIns.get(leaf)!).value);
      }
    }
    this.moveOut();
    const inside = new Map<Value, HostArray>();
    const outside = new Set<Value>();
    for (const constant of constants) {
      if (byteLengthOf(constant) >= LARGE) outside.add(constant);
      else inside.set(constant, await this.read(constant));
    }
    return { inside, outside };
  }

  externalData(outside: ReadonlyMap<string, Value>): ExternalData[] {
    return [...outside].map(([path, value]) => ({
      path,
      byteLength: byteLengthOf(value),
      read: async () => bytesOf(await this.read(value)),
    }));
  }

  /** The constants have been read. */
  done(): void {
    this.sessions.clear();
  }

  /** Whether each variable still has the value that was frozen. */
  get isCurrent(): boolean {
    for (const [leaf, value] of this.values) {
      if (this.backend.view(this.standIns.get(leaf)!).value !== value) return false;
    }
    return true;
  }

  private read(constant: Value): Promise<HostArray> {
    return constant.op ? this.evaluate(constant) : this.leaf(constant);
  }

  private leaf(value: Value): Promise<HostArray> {
    return this.backend.values.peek(this.values.get(value)!);
  }

  /** The elements of a value that depends on frozen variables alone. */
  private async evaluate(value: Value): Promise<HostArray> {
    const { runtime, loader, options } = this.backend;
    const p = program([value]);
    const feeds: unknown[] = [];
    for (const leaf of p.inputs) feeds.push(runtime.wrap(leaf.dtype, leaf.shape, await this.leaf(leaf)));
    const session =
      this.sessions.get(p.key) ??
      this.sessions.add(p.key, await loader.load(loader.model(p), options.threads));
    const [{ data, handle }] = await session.run(feeds);
    if (data) return data;
    const { device } = runtime;
    const downloaded = await device!.download(handle);
    device!.dispose(handle);
    return downloaded;
  }

  private moveOut(): void {
    const { values } = this.backend;
    const large = [...this.values.values()].filter(
      (value) => byteLengthOf(value) >= LARGE && values.isOnHost(value),
    );
    const byteLength = large.reduce((sum, value) => sum + byteLengthOf(value), 0);
    const { stash } = this.backend.runtime;
    if (!stash || byteLength < WORTH_STORING) return;
    try {
      const opened = stash();
      for (const value of large) values.store(value, opened);
    } catch (error) {
      warnOfMemory(error as Error);
    }
  }
}
