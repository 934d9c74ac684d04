import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Cursor } from './cursor.js';
import { Refused, type Sender } from './sender.js';
import type { Verdict } from './verdict.js';
import type { VerdictLog } from './verdict-log.js';

export interface DeliverOptions {
  /** Keeps `<name>.cursor.json` and `<name>.refused.jsonl`. */
  folder: string;
  signal: AbortSignal;
  onNotice: (message: string) => void;
  /** Told the place behind each verdict that is confirmed or refused. */
  onDelivered: (place: number) => void;
  /** Wait after the first failure, in ms; it doubles up to a minute. @default 500 */
  firstWait?: number;
}

const longestWait = 60_000;

/**
 * Brings every verdict of the log to a receiver, in order and one at a time, from where it stopped the last time, until
 * `signal` fires. A failure is tried again without end; what is refused for good is kept in a file of its own.
 */
export async function deliver(
  log: VerdictLog,
  sender: Sender,
  { folder, signal, onNotice, onDelivered, firstWait = 500 }: DeliverOptions,
): Promise<void> {
  const cursor = await Cursor.open(join(folder, `${sender.name}.cursor.json`), log.size);
  onDelivered(cursor.start);
  for await (const { text, end } of log.follow(cursor.start, signal)) {
    const verdict = JSON.parse(text) as Verdict;
    for (let wait = firstWait; !signal.aborted; wait = Math.min(2 * wait, longestWait)) {
      try {
        await sender.send(verdict, text, signal);
        break;
      } catch (error) {
        if (signal.aborted) return;
        const { message } = error as Error;
        if (error instanceof Refused) {
          onNotice(
            `${sender.name}: ${message}: ${verdict.image.path} is kept in ${sender.name}.refused.jsonl`,
          );
          await appendFile(join(folder, `${sender.name}.refused.jsonl`), `${text}\n`, { flush: true });
          break;
        }
        if (wait === firstWait) onNotice(`${sender.name}: ${message}; it is tried again until it works`);
        await setTimeout(wait, undefined, { signal }).catch(() => {});
      }
    }
    if (signal.aborted) return;
    await cursor.move(end);
    onDelivered(end);
  }
}
