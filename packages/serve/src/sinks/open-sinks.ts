import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { checkOptions } from '@ddad/detector';
import { replaceFile } from '@ddad/files';
import { deliver } from './deliver.js';
import { type MqttOptions, mqttSender } from './mqtt-sender.js';
import type { Sender } from './sender.js';
import type { Judged, Verdict } from './verdict.js';
import { VerdictLog } from './verdict-log.js';
import { type WebhookOptions, webhookSender } from './webhook-sender.js';

export interface SinksOptions {
  /** Folder of `verdicts.jsonl`, `overlays/`, and how far each receiver has come. */
  folder: string;
  webhook?: WebhookOptions;
  mqtt?: MqttOptions;
  onNotice?: (message: string) => void;
  /** Given each verdict that is in the folder already. */
  onVerdict?: (verdict: Verdict) => void;
}

/** Where verdicts go. */
export interface Sinks {
  /**
   * Takes a verdict; it is in the folder, on the disk, when this returns, and on its way to the others. One with an id that
   * is there already is not taken again.
   *
   * @param overlay the picture with its heat map, PNG
   */
  put(verdict: Verdict, overlay?: Uint8Array): Promise<void>;
  has(id: string): boolean;
  /** Verdicts that `name` has not confirmed yet, in bytes of `verdicts.jsonl`. */
  waiting(): Record<string, number>;
  /** Resolves when every receiver has confirmed all. */
  drained(): Promise<void>;
  /** What is not delivered is when the folder is opened again. */
  close(): Promise<void>;
}

/**
 * Opens the folder of verdicts and goes on with what receivers have not confirmed.
 *
 * @throws {UserError} options that cannot be; files that are not what this wrote
 */
export async function openSinks(options: SinksOptions): Promise<Sinks> {
  checkOptions('openSinks', options, {
    ...{ folder: true, webhook: true, mqtt: true, onNotice: true, onVerdict: true },
  });
  const { folder, webhook, mqtt, onNotice = () => {}, onVerdict } = options;
  const place = `${hostname()} ${resolve(folder)}`;
  const senders: Sender[] = [
    ...(webhook ? [webhookSender(webhook)] : []),
    ...(mqtt ? [mqttSender(mqtt, { place, onNotice })] : []),
  ];
  const log = await VerdictLog.open(join(folder, 'verdicts.jsonl'), onVerdict);
  const end = new AbortController();
  const delivered = new Map<string, number>();
  const waiters = new Set<() => void>();
  let failure: unknown;
  const running = senders.map((sender) =>
    deliver(log, sender, {
      ...{ folder, onNotice, signal: end.signal },
      onDelivered(at) {
        delivered.set(sender.name, at);
        for (const wake of waiters) wake();
      },
    }).catch((error) => {
      failure ??= error;
      for (const wake of waiters) wake();
    }),
  );
  const waiting = () =>
    Object.fromEntries(senders.map(({ name }) => [name, log.size - (delivered.get(name) ?? 0)]));
  return {
    async put(verdict, overlay) {
      if (failure) throw failure;
      const { overlay: name } = verdict as Judged;
      if (overlay && name) await replaceFile(join(folder, name), overlay);
      await log.append(verdict);
    },
    has: (id) => log.has(id),
    waiting,
    async drained() {
      while (Object.values(waiting()).some((bytes) => bytes > 0)) {
        if (failure) throw failure;
        await new Promise<void>((wake) => {
          waiters.add(wake);
        });
        waiters.clear();
      }
    },
    async close() {
      end.abort();
      // a publication that waits for its broker ends with its client
      await Promise.all(senders.map((sender) => sender.close()));
      await Promise.all(running);
      await log.close();
    },
  };
}
