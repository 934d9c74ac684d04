import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { checkOptions, Detector, UserError } from '@ddad/detector';
import { nameOf } from '../options.js';
import { lockFolder } from '../sinks/lock-folder.js';
import { openSinks, type SinksOptions } from '../sinks/open-sinks.js';
import { orAborted } from '../sinks/or-aborted.js';
import type { Verdict } from '../sinks/verdict.js';
import { type CompleteFile, FileWatch } from './file-watch.js';
import { type JudgeFileOptions, judgeFile, openFile } from './judge-file.js';

export interface WatchOptions extends Pick<SinksOptions, 'webhook' | 'mqtt' | 'onNotice'> {
  /** Folder or bundle of the trained detector. */
  detector: string;
  /** Folder of the verdicts. @default '<folder>-verdicts' */
  out?: string;
  /** Write each picture with heat map and framed regions to `<out>/overlays`. @default false */
  overlays?: boolean;
  /** Seconds that a file must have stayed as it is to count as complete. @default 1 */
  settle?: number;
  /** Ends when every file that is there is judged and every receiver has its verdict. @default false */
  once?: boolean;
  /** Engine, by the names of `listEngines`. @default 'auto' */
  engine?: string;
  threads?: number;
  /** @default the detector's */
  threshold?: number;
  /** Told each verdict that is reached, when it is on the disk. */
  onVerdict?: (verdict: Verdict) => void;
  /** Told when the detector is ready. */
  onReady?: (state: { judged: number }) => void;
  /** Ends the watch. */
  signal?: AbortSignal;
}

const known: Record<keyof WatchOptions, true> = {
  ...{ detector: true, out: true, overlays: true, settle: true, once: true, engine: true, threads: true },
  ...{ threshold: true, onVerdict: true, onReady: true, signal: true },
  ...{ webhook: true, mqtt: true, onNotice: true },
};

/** Milliseconds between two looks at the folder, and how much longer that is than a look, at least. */
const pause = { least: 250, times: 4 };

/**
 * Judges every picture that is in a folder or appears in it, once: what is judged is known by its path and bytes from the
 * lines of `<out>/verdicts.jsonl`, also after a kill or a power cut.
 *
 * @throws {UserError} no folder, no detector, a folder of verdicts that another process has
 */
export async function watch(folder: string, options: WatchOptions): Promise<void> {
  checkOptions('watch', options, known);
  const { detector: place, settle = 1, once = false, overlays = false, signal } = options;
  const out = resolve(options.out ?? `${resolve(folder)}-verdicts`);
  if (!(await isFolder(folder))) throw new UserError(`there is no folder ${folder}`, { code: 'data' });
  if (!(settle >= 0 && Number.isFinite(settle))) {
    throw new UserError(`option settle: needs seconds, 0 or more, got ${settle}`, { code: 'option' });
  }
  const { engine, threads, threshold, onNotice } = options;
  const detector = await Detector.load(place, { engine, threads, threshold, onNotice });
  const lock = await lockFolder(out);
  try {
    const judged = new Map<string, CompleteFile>();
    const remember = ({ image: { path, bytes, mtimeMs = 0 } }: Verdict) =>
      void judged.set(path, { path, bytes, mtimeMs });
    const { webhook, mqtt } = options;
    const sinks = await openSinks({ folder: out, webhook, mqtt, onNotice, onVerdict: remember });
    try {
      options.onReady?.({ judged: judged.size });
      const isKnown = ({ path, bytes, mtimeMs }: CompleteFile) => {
        const last = judged.get(path);
        return last?.bytes === bytes && last.mtimeMs === mtimeMs;
      };
      const files = new FileWatch(resolve(folder), { settle: settle * 1000, except: [out], isKnown });
      const each: JudgeFileOptions = { folder, overlays, name: nameOf(place) };
      while (!signal?.aborted) {
        const began = performance.now();
        const { complete, isUnsettled } = await files.look(began);
        const wait = Math.max(pause.least, pause.times * (performance.now() - began));
        for (const file of complete) {
          if (signal?.aborted) break;
          lock.lost.throwIfAborted();
          const opened = await openFile(file, each);
          if (opened.contents.length !== file.bytes) continue; // it grows after all
          if (!sinks.has(opened.id)) {
            const { verdict, overlay } = await judgeFile(opened, detector, each);
            await sinks.put(verdict, overlay);
            options.onVerdict?.(verdict);
          }
          judged.set(file.path, file);
        }
        if (once && !isUnsettled && complete.length === 0) {
          await (signal ? orAborted(sinks.drained(), signal).catch(unlessAborted(signal)) : sinks.drained());
          break;
        }
        await setTimeout(wait, undefined, { signal }).catch(signal ? unlessAborted(signal) : undefined);
      }
    } finally {
      await sinks.close();
    }
  } finally {
    await lock.release();
    detector.dispose();
  }
}

/** An end that was asked for is none. */
function unlessAborted(signal: AbortSignal): (error: unknown) => void {
  return (error) => {
    if (!signal.aborted) throw error;
  };
}

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isDirectory() ?? false;
}
