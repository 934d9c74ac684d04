import { executionProviders, expectNoLeak, uniform } from '@ddad/testing';
import * as tf from '@tensorflow/tfjs';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { compile } from '../compile/compile.js';
import { initOrt } from '../init.js';
import { turns } from './turns.js';

describe('turns', () => {
  it('gives each of several callers a turn of its own, in the order of their calls', async () => {
    const turn = turns(setImmediate);
    let round = 0;
    let counting = setImmediate(function count() {
      round++;
      counting = setImmediate(count);
    });
    const seen: [name: string, round: number][] = [];
    const caller = async (name: string) => {
      for (let i = 0; i < 3; i++) {
        await turn();
        seen.push([name, round]);
      }
    };
    await Promise.all(['a', 'b', 'c'].map(caller));
    clearImmediate(counting);
    expect(seen.map(([name]) => name).join('')).toBe('abcabcabc');
    const rounds = seen.map(([, at]) => at);
    for (let i = 1; i < rounds.length; i++) expect(rounds[i]).toBeGreaterThan(rounds[i - 1]);
  });
});

describe('a loop that computes', () => {
  beforeAll(() => initOrt({ executionProviders, threads: 2 }));

  const shape: [number, number] = [64, 64];
  /** Computes until `stop`, or for long enough to show that it will not come. */
  async function until(stop: () => boolean, run: () => Promise<unknown>): Promise<void> {
    const began = performance.now();
    while (!stop() && performance.now() - began < 5000) await run();
  }
  /** Runs `loop` with a way to compute: by a compiled function, and by reading a pending tensor. */
  async function eachWay(loop: (run: () => Promise<unknown>) => Promise<void>): Promise<void> {
    await expectNoLeak(async () => {
      const x = tf.tensor2d(uniform('x', shape), shape);
      const product = compile((a: tf.Tensor) => tf.matMul(a as tf.Tensor2D, a as tf.Tensor2D));
      await loop(async () => tf.dispose(await product(x)));
      product.dispose();
      await loop(async () => {
        const y = tf.matMul(x, x);
        await y.data();
        y.dispose();
      });
      x.dispose();
    });
  }

  it('lets timers fire', () =>
    eachWay(async (run) => {
      const fired = vi.fn();
      const timer = setTimeout(fired, 20);
      await until(() => fired.mock.calls.length > 0, run);
      clearTimeout(timer);
      expect(fired).toHaveBeenCalledOnce();
    }));

  it('sees an AbortSignal that times out', () =>
    eachWay(async (run) => {
      const signal = AbortSignal.timeout(20);
      await until(() => signal.aborted, run);
      expect(signal.aborted).toBe(true);
    }));

  it.skipIf(process.platform === 'win32')('sees a signal of the system', () =>
    eachWay(async (run) => {
      const received = vi.fn();
      process.once('SIGUSR2', received);
      process.kill(process.pid, 'SIGUSR2');
      await until(() => received.mock.calls.length > 0, run);
      process.off('SIGUSR2', received);
      expect(received).toHaveBeenCalledOnce();
    }),
  );

  it('lets the loop go round between two runs, however many compute at once', async () => {
    await expectNoLeak(async () => {
      const x = tf.tensor2d(uniform('x', shape), shape);
      const functions = Array.from({ length: 3 }, (_, i) => compile((a: tf.Tensor) => tf.add(a, i)));
      let round = 0;
      let counting = setImmediate(function count() {
        round++;
        counting = setImmediate(count);
      });
      const rounds: number[] = [];
      await Promise.all(
        functions.map(async (f) => {
          for (let i = 0; i < 4; i++) {
            tf.dispose(await f(x));
            rounds.push(round);
          }
        }),
      );
      clearImmediate(counting);
      expect(new Set(rounds).size).toBe(12);
      for (const f of functions) f.dispose();
      x.dispose();
    });
  });

  it('computes as before where timers are stopped, as tests do', async () => {
    vi.useFakeTimers();
    try {
      await eachWay(async (run) => void (await run()));
    } finally {
      vi.useRealTimers();
    }
  });
});
