import type * as tf from '@tensorflow/tfjs';
import type { OrtBackend } from '../backend/backend.js';

interface Disposable {
  isCurrent(backend: OrtBackend): boolean;
  dispose(): void;
}

/** What a function became, by the dtypes and shapes of its arguments. */
export class Plans<P extends Disposable> {
  private readonly plans = new Map<string, P>();
  private tail: Promise<unknown> = Promise.resolve();

  constructor(private readonly make: (backend: OrtBackend, args: readonly tf.Tensor[]) => Promise<P>) {}

  /** The plan for such arguments. Nothing may be pending. */
  async of(backend: OrtBackend, args: readonly tf.Tensor[]): Promise<P> {
    const signature = signatureOf(args);
    let plan = this.plans.get(signature);
    if (plan && !plan.isCurrent(backend)) {
      plan.dispose();
      this.plans.delete(signature);
      plan = undefined;
    }
    if (!plan) {
      plan = await this.make(backend, args);
      this.plans.set(signature, plan);
    }
    return plan;
  }

  /** Calls one after another. */
  inTurn<T>(call: () => Promise<T>): Promise<T> {
    const result = this.tail.then(call);
    this.tail = result.catch(() => undefined); // the caller sees the error; the next call starts afresh
    return result;
  }

  dispose(): void {
    for (const plan of this.plans.values()) plan.dispose();
    this.plans.clear();
  }
}

export function signatureOf(args: readonly tf.Tensor[]): string {
  return args.map((arg) => `${arg.dtype}[${arg.shape}]`).join();
}
