import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** How much the other threads yield, in steps of nice. */
const yielding = 10;

/**
 * Lets the main thread, which speaks HTTP, have the processor before the threads that compute: engines take all cores, and
 * /health and refusals would wait for their turn. On Linux alone, where every thread has a priority of its own; it takes
 * nothing from other programs, and needs no right.
 */
export function mainThreadFirst(): void {
  if (process.platform !== 'linux') return;
  for (const thread of readdirSync('/proc/self/task').map(Number)) {
    if (thread === process.pid) continue;
    try {
      setPriority(thread, yielding);
    } catch (error) {
      // it has ended meanwhile
      if ((error as { info?: { code?: string } }).info?.code !== 'ESRCH') throw error;
    }
  }
}
