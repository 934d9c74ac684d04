import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** How much threads that compute yield, in steps of nice. */
const yielding = 10;

/** Threads of this process, as the system numbers them; none where a thread has no priority of its own (all but Linux). */
export function threadsNow(): ReadonlySet<number> {
  if (process.platform !== 'linux') return new Set();
  return new Set(readdirSync('/proc/self/task').map(Number));
}

/**
 * Lets the threads that were there before, the main one, which speaks HTTP, and V8's, which collect its garbage, have the
 * processor before those that came since: engines take all cores, and /health and refusals would wait for their turn. It
 * takes nothing from other programs, and needs no right.
 */
export function yieldTo(before: ReadonlySet<number>): void {
  for (const thread of threadsNow()) {
    if (before.has(thread)) continue;
    try {
      setPriority(thread, yielding);
    } catch (error) {
      // it has ended meanwhile
      if ((error as { info?: { code?: string } }).info?.code !== 'ESRCH') throw error;
    }
  }
}
