import { availableParallelism } from 'node:os';
import { checkOptions, UserError } from '@ddad/detector';
import { defaultLimits, type Limits } from './limits.js';
import type { VerdictsOptions } from './sinks/open-telling.js';

export interface ServeOptions {
  /**
   * The detectors: folders of trained ones or `.ddad` files, by the names that they are served under. In a list, the name
   * is that of the folder or file where none is given.
   */
  detectors: { [name: string]: string } | readonly (string | readonly [name: string, place: string])[];
  /** @default '127.0.0.1' */
  host?: string;
  /** 0 takes any that is free. @default 8017 */
  port?: number;
  /** What a request must bear; needed where the host is not this machine alone. @default none */
  token?: string;
  /** Origins whose pages may use it, e.g. `https://line.example.org`. @default none */
  cors?: readonly string[];
  limits?: Partial<Limits>;
  /**
   * Folder of what the station keeps of each detector: versions, judgements, the log.
   *
   * @default beside the detector: `<folder>/station`, `<file>.station`
   */
  store?: string;
  /** Where every verdict goes beside its answer. @default nowhere */
  verdicts?: VerdictsOptions;
  /** Engine, by the names of `listEngines`. @default 'auto' */
  engine?: string;
  /** Worker threads, each with the detectors in memory. @default one per core, at most 4 */
  workers?: number;
  /** Threads of the engine in each of them. @default the cores, shared out */
  threads?: number;
  /** Told what happens to the service: faults, threads that were replaced. */
  onNotice?: (message: string) => void;
}

/** Options with everything filled in. */
export interface ResolvedOptions
  extends Required<Omit<ServeOptions, 'token' | 'store' | 'limits' | 'verdicts'>> {
  detectors: { [name: string]: string };
  limits: Limits;
  token?: string;
  store?: string;
  verdicts?: VerdictsOptions;
}

const known: Record<keyof ServeOptions, true> = {
  ...{ detectors: true, host: true, port: true, token: true, cors: true, limits: true, store: true },
  ...{ engine: true, workers: true, threads: true, onNotice: true, verdicts: true },
};

const knownLimits: Record<keyof Limits, true> = {
  ...{ bytes: true, pixels: true, files: true, queue: true, seconds: true, detectorBytes: true },
};

/** @throws {UserError} an option has no such value */
export function resolveOptions(options: ServeOptions): ResolvedOptions {
  checkOptions('serve', options, known);
  const { host = '127.0.0.1', port = 8017, token, cors = [], limits = {}, store, verdicts } = options;
  const { engine = 'auto', onNotice = () => {} } = options;
  const cores = availableParallelism();
  const workers = options.workers ?? Math.min(cores, 4);
  const threads = options.threads ?? Math.max(1, Math.floor(cores / workers));
  for (const [name, value] of Object.entries({ workers, threads })) {
    if (!Number.isInteger(value) || value < 1)
      fail(`option ${name}: needs a whole number from 1, got ${value}`);
  }
  if (token !== undefined && token.trim().length < 8) fail('option token: needs at least 8 characters');
  if (token === undefined && !/^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host)) {
    fail(`option host: ${host} is reached from other machines`, 'set a token, or serve on 127.0.0.1');
  }
  return {
    detectors: namedDetectors(options.detectors),
    ...{ host, port, token, cors, store, verdicts, engine, workers, threads, onNotice },
    limits: resolveLimits(limits),
  };
}

function resolveLimits(limits: Partial<Limits>): Limits {
  checkOptions('serve, option limits', limits, knownLimits);
  for (const [name, value] of Object.entries(limits)) {
    if (!(Number.isFinite(value) && value > 0))
      fail(`option limits.${name}: needs a number above 0, got ${value}`);
  }
  return { ...defaultLimits, ...limits };
}

function namedDetectors(given: ServeOptions['detectors']): { [name: string]: string } {
  const pairs = isList(given)
    ? given.map((each) => (typeof each === 'string' ? ([nameOf(each), each] as const) : each))
    : Object.entries(given);
  if (pairs.length === 0) fail('option detectors: needs at least one');
  const named: { [name: string]: string } = {};
  for (const [name, place] of pairs) {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(name)) {
      fail(
        `option detectors: '${name}' is no name for an address`,
        'give letters, digits, . _ -, e.g. lid=path',
      );
    }
    if (Object.hasOwn(named, name)) fail(`option detectors: two are named ${name}`, 'name one: lid=path');
    named[name] = place;
  }
  return named;
}

function isList(
  given: ServeOptions['detectors'],
): given is Exclude<typeof given, { [name: string]: string }> {
  return Array.isArray(given);
}

/** The name of a detector that is given none: that of its folder or file. */
export function nameOf(place: string): string {
  const [last = ''] = place.split(/[\\/]/).filter(Boolean).slice(-1);
  return last.replace(/\.ddad$/, '').replaceAll(/[^A-Za-z0-9._-]+/g, '-');
}

function fail(reason: string, remedy?: string): never {
  throw new UserError(`serve: ${reason}`, { code: 'option', remedy });
}
