import { type DriftTest, driftTestOf } from '@ddad/detector';
import { ServiceError } from '../service-error.js';
import { DecisionLog } from '../store/decision-log.js';
import type { Version, VersionStore } from '../store/version-store.js';
import type { DetectorDescription } from '../worker/describe.js';
import { ThreadError } from '../worker/error-message.js';
import type { Loaded, Target } from '../worker/job-queue.js';
import type { Pool } from '../worker/pool.js';

/** A detector under its name, of which one version is loaded. */
export class ServedDetector implements Target {
  readonly name: string;
  readonly versions: VersionStore;
  /** What was decided about it. */
  readonly log: DecisionLog;
  readonly #pool: Pool;
  #loaded: Loaded;
  #description: DetectorDescription;
  #drift: DriftTest | undefined;
  /** What changes it, one change after the other. */
  #tail: Promise<unknown> = Promise.resolve();

  private constructor(
    name: string,
    {
      versions,
      pool,
      loaded,
      description,
    }: { versions: VersionStore; pool: Pool; loaded: Loaded; description: DetectorDescription },
  ) {
    this.name = name;
    this.versions = versions;
    this.log = new DecisionLog(versions.folder);
    this.#pool = pool;
    this.#loaded = loaded;
    this.#description = description;
    this.#drift = driftTestOf(description);
  }

  static async open(
    name: string,
    { versions, pool }: { versions: VersionStore; pool: Pool },
  ): Promise<ServedDetector> {
    const { version, place } = versions.active;
    const { loaded, description } = await load(pool, name, { version, place });
    return new ServedDetector(name, { versions, pool, loaded, description });
  }

  get loaded(): Loaded {
    return this.#loaded;
  }

  get description(): DetectorDescription {
    return this.#description;
  }

  /** Whether scores are still like those of the calibration, since this version is in use. */
  get drift(): DriftTest | undefined {
    return this.#drift;
  }

  /**
   * Uses another version: it is loaded and warm in every thread before the first request gets it, and what is under way ends
   * with the one before.
   *
   * @throws {ServiceError} there is none, or it does not load
   */
  activate(version: number): Promise<void> {
    return this.inTurn(async () => {
      await this.#use(version);
      await this.log.add({ kind: 'activated', version });
    });
  }

  /**
   * Makes a version of the active one and uses it; one that does not load is taken back.
   *
   * @param make told the active version; no other change comes between
   * @param details of the line in the log
   * @throws {ServiceError} it does not load
   */
  replace(
    make: (active: Version) => Promise<Version>,
    details: { [name: string]: unknown } = {},
  ): Promise<void> {
    return this.inTurn(async () => {
      const { version, cause } = await make(this.versions.active);
      try {
        await this.#use(version);
      } catch (error) {
        await this.versions.remove(version);
        throw error;
      }
      await this.log.add({ kind: cause, version, ...details });
    });
  }

  /** Runs what reads the active version and makes another of it when the changes before are done. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work);
    this.#tail = turn.catch(() => {});
    return turn;
  }

  async #use(number: number): Promise<void> {
    const version = this.versions.get(number);
    if (!version) {
      const known = this.versions.list().map((each) => each.version);
      throw new ServiceError(`detector ${this.name} has no version ${number}`, {
        code: 'unknown',
        remedy: `it has ${known.join(', ')}`,
      });
    }
    const before = this.#loaded;
    if (number === before.version) return;
    const { loaded, description } = await load(this.#pool, this.name, version);
    await this.versions.activate(number);
    this.#loaded = loaded;
    this.#description = description;
    this.#drift = driftTestOf(description);
    await this.#pool.unload(before.key);
  }
}

async function load(pool: Pool, name: string, { version, place }: { version: number; place: string }) {
  const key = `${name}@${version}`;
  try {
    const description = await pool.load(key, place);
    return { loaded: { key, version, batchSize: description.batchSize }, description };
  } catch (cause) {
    if (!(cause instanceof ThreadError) || cause.name !== 'UserError') throw cause;
    const { message, remedy } = cause;
    throw new ServiceError(`detector ${name}: ${message}`, { code: 'detector', remedy, cause });
  }
}
