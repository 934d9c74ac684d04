import { join } from 'node:path';
import { replaceFile } from '@ddad/files';
import { readHeader } from '@ddad/images';
import { ServiceError } from '../service-error.js';
import type { DecisionLog } from '../store/decision-log.js';
import { readDecisions } from './read-decisions.js';

/** What a person says of a picture; `none` takes it back. */
export type Verdict = 'good' | 'bad' | 'none';

/** A picture that a person has judged; the last word counts. */
export interface Judgement {
  /** Of the picture's file. */
  sha256: string;
  verdict: 'good' | 'bad';
  note: string | null;
  /** Of the file, as it was given. */
  name: string | null;
  /** ISO 8601. */
  time: string;
  /** The detector's version that was in use. */
  version: number;
}

/** Where the picture of a judgement is kept. */
interface Kept {
  judgement: Judgement;
  extension: string;
}

export interface GivenJudgement {
  sha256: string;
  verdict: Verdict;
  note: string | null;
  name: string | null;
  version: number;
  /** The picture's file; may be left out where it was judged before. */
  bytes?: Uint8Array;
}

/**
 * The pictures that people have judged, beside a detector: `judged/<sha256>.<format>` as they were given. What was said of
 * them are lines of the log, from which this is read.
 */
export class Judgements {
  readonly #folder: string;
  readonly #log: DecisionLog;
  readonly #kept = new Map<string, Kept>();

  private constructor(folder: string, log: DecisionLog) {
    this.#folder = join(folder, 'judged');
    this.#log = log;
  }

  static async open(folder: string, log: DecisionLog): Promise<Judgements> {
    const opened = new Judgements(folder, log);
    for (const { kind, ...line } of await readDecisions(log.path)) {
      if (kind === 'judged') opened.#apply(line as unknown as Parameters<Judgements['add']>[0] & Said);
    }
    return opened;
  }

  /** By time, the earliest first. */
  list(): Judgement[] {
    return [...this.#kept.values()].map(({ judgement }) => judgement);
  }

  /** The file of a picture that was judged. */
  pathOf(sha256: string): string {
    return join(this.#folder, fileName(sha256, this.#kept.get(sha256)!.extension));
  }

  /** @throws {ServiceError} the picture was not given, now or before */
  async add({ bytes, ...given }: GivenJudgement): Promise<void> {
    const extension = bytes ? formatOf(bytes) : this.#kept.get(given.sha256)?.extension;
    if (!extension) {
      throw new ServiceError(`no picture ${given.sha256} was judged here`, {
        code: 'unknown',
        remedy: 'send its file as the body, and verdict, note and name in the query',
      });
    }
    if (bytes && !this.#kept.has(given.sha256)) {
      await replaceFile(join(this.#folder, fileName(given.sha256, extension)), bytes);
    }
    const time = new Date().toISOString();
    await this.#log.add({ kind: 'judged', ...given, extension });
    this.#apply({ ...given, extension, time });
  }

  #apply({ sha256, verdict, note, name, version, time, extension }: GivenJudgement & Said): void {
    this.#kept.delete(sha256);
    if (verdict === 'none') return;
    this.#kept.set(sha256, { judgement: { sha256, verdict, note, name, time, version }, extension });
  }
}

interface Said {
  time: string;
  extension: string;
}

function fileName(sha256: string, extension: string): string {
  return `${sha256}.${extension}`;
}

function formatOf(bytes: Uint8Array): string {
  return readHeader(bytes).format;
}
