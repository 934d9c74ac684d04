import type { Program } from '../graph/program.js';
import type { Value } from '../graph/value.js';
import type { Runtime, SessionResult } from '../runtime/runtime.js';
import type { ModelLoader } from './model-loader.js';
import { NO_SYNC, type Residency } from './residency.js';
import { SessionCache } from './session-cache.js';

/** Ops after which the pending graph runs although nobody asked for a value, so that it cannot grow for ever. */
const MAX_PENDING_OPS = 50_000;

/**
 * Ops after which it runs when the caller's synchronous code ends. A loop that awaits between its steps but reads no
 * value, as a `LayersModel`'s `fit` does until the end of an epoch, so runs whole steps, whose graphs are alike.
 */
const ENOUGH_OPS = 1_000;

/** Graphs with fewer elements than this run on one thread: waking a pool costs more than they do. */
const SMALL_GRAPH = 1 << 15;

export interface PendingOptions {
  runtime: Runtime;
  loader: ModelLoader;
  values: Residency;
  threads: number;
  /** @default 256 */
  maxSessions?: number;
  /** The value of a tensor, undefined if it was disposed. */
  value(dataId: object): Value | undefined;
  isTracing(): boolean;
}

/**
 * The tensors that wait to be computed: reading one runs all of them as one ONNX model, whose session is kept for the
 * next graph of the same structure.
 */
export class Pending {
  readonly sessions: SessionCache;
  private readonly waiting = new Set<object>();
  /** Tensors that were waiting in a run that failed: each is computed when it is asked for. */
  private readonly deferred = new Set<object>();
  private tail: Promise<unknown> = Promise.resolve();
  private opsSinceFlush = 0;
  private awaitsTurnEnd = false;

  constructor(private readonly options: PendingOptions) {
    this.sessions = new SessionCache(options.maxSessions ?? 256);
  }

  /** Nothing waits to be computed, so nothing but holders refers to a value. */
  get isIdle(): boolean {
    return this.waiting.size === 0 && this.deferred.size === 0;
  }

  add(dataId: object): void {
    const { runtime, isTracing } = this.options;
    this.waiting.add(dataId);
    if (++this.opsSinceFlush > MAX_PENDING_OPS && !isTracing() && runtime.loadSync) this.flushSync();
    else if (this.opsSinceFlush >= ENOUGH_OPS && !this.awaitsTurnEnd) this.flushAtTurnEnd();
  }

  delete(dataId: object): void {
    this.waiting.delete(dataId);
    this.deferred.delete(dataId);
  }

  /**
   * Computes every tensor that waits. Where one of them fails, `wanted` is computed alone and the others wait until
   * they are asked for.
   *
   * @returns whether there was anything to compute
   */
  flush(wanted?: object): Promise<boolean> {
    const { loader, values } = this.options;
    const run = async (dataIds: Iterable<object>) => {
      const plan = this.plan(dataIds);
      if (!plan) return false;
      const session =
        this.sessions.get(plan.key) ??
        this.sessions.add(plan.key, await loader.load(loader.model(plan.program), plan.threads));
      plan.store(await session.run(plan.feeds));
      return true;
    };
    const result = this.tail.then(() =>
      values.whileRunning(async () => {
        const all = this.bulk(wanted);
        try {
          return await run(all);
        } catch (error) {
          if (!wanted || all.size === 1) throw error;
          this.defer();
          return await run([wanted]);
        }
      }),
    );
    this.tail = result.catch(() => undefined); // the caller sees the error; the next run starts afresh
    return result;
  }

  flushSync(wanted?: object): void {
    const { runtime, loader, values } = this.options;
    const run = (dataIds: Iterable<object>) => {
      const plan = this.plan(dataIds);
      if (!plan) return;
      if (!runtime.loadSync) throw new Error(NO_SYNC);
      const session =
        this.sessions.get(plan.key) ??
        this.sessions.add(plan.key, loader.loadSync(loader.model(plan.program), plan.threads));
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
    values.sweep();
  }

  private flushAtTurnEnd(): void {
    const { runtime, isTracing } = this.options;
    this.awaitsTurnEnd = true;
    queueMicrotask(async () => {
      this.awaitsTurnEnd = false;
      if (this.opsSinceFlush < ENOUGH_OPS || isTracing()) return;
      try {
        if (runtime.loadSync) this.flushSync();
        else await this.flush();
      } catch {
        this.defer(); // whoever reads a tensor of it gets the error
        this.opsSinceFlush = 0;
      }
    });
  }

  private bulk(wanted?: object): Set<object> {
    const dataIds = new Set(this.waiting);
    if (wanted) dataIds.add(wanted);
    return dataIds;
  }

  private defer(): void {
    for (const dataId of this.waiting) this.deferred.add(dataId);
    this.waiting.clear();
  }

  private plan(dataIds: Iterable<object>): Plan | null {
    const { loader, values, threads } = this.options;
    const outputs = new Set<Value>();
    const planned: object[] = [];
    for (const dataId of dataIds) {
      const value = this.options.value(dataId);
      if (!value) continue;
      planned.push(dataId);
      if (value.op) outputs.add(value);
    }
    const done = () => {
      for (const dataId of planned) this.delete(dataId);
      this.opsSinceFlush = this.waiting.size;
    };
    if (outputs.size === 0) {
      done();
      return null;
    }
    const p = loader.program([...outputs]);
    const elements = p.ops.reduce((sum, o) => sum + o.outputs[0].size, 0);
    return {
      program: p,
      key: p.key,
      feeds: p.inputs.map((value) => values.feed(value)),
      threads: elements < SMALL_GRAPH ? 1 : threads,
      store: (results) => {
        p.outputs.forEach((value, i) => {
          values.fill(value, results[i]);
        });
        done();
      },
    };
  }
}

/** One run of a session. */
interface Plan {
  program: Program;
  key: string;
  feeds: unknown[];
  threads: number;
  store(results: SessionResult[]): void;
}
