import { stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { UserError } from '@ddad/detector';
import { createApp } from './app.js';
import type { Context } from './context.js';
import { ServedDetector } from './detectors/served-detector.js';
import { Admission } from './http/admission.js';
import { createMetrics } from './metrics.js';
import { type ResolvedOptions, resolveOptions, type ServeOptions } from './options.js';
import { ServiceError } from './service-error.js';
import { openTelling, type Telling } from './sinks/open-telling.js';
import { VersionStore } from './store/version-store.js';
import { Pool } from './worker/pool.js';

/** A service that runs. */
export interface Station {
  /** e.g. `http://127.0.0.1:8017` */
  url: string;
  /** Names. */
  detectors: string[];
  /** Takes no new request, answers those that it has, and ends. */
  close(): Promise<void>;
}

/**
 * Serves detectors over HTTP.
 *
 * @throws {UserError} an option has no such value, a detector cannot be loaded, the port is taken
 */
export async function serve(options: ServeOptions): Promise<Station> {
  const resolved = resolveOptions(options);
  const { limits, engine, threads, workers, token, cors, onNotice, host, port } = resolved;
  const pool = new Pool({
    ...{ engine, threads, threadCount: workers, pixels: limits.pixels, onNotice },
    stuckAfter: 2000 * limits.seconds,
  });
  let telling: Telling | undefined;
  try {
    telling = resolved.verdicts && (await openTelling(resolved.verdicts, onNotice));
    const admission = new Admission({ ...limits, pace: () => pool.pace });
    const metrics = createMetrics({
      accepted: () => admission.taken,
      queued: () => pool.queue.length,
      refused: () => admission.refused,
      restarts: () => pool.restarts,
    });
    const detectors = await openDetectors(resolved, pool);
    const context: Context = { detectors, pool, admission, limits, metrics, onNotice, telling };
    const onFault = (error: Error) => onNotice(`a fault: ${error.stack ?? error.message}`);
    const app = await createApp({ context, token, cors, onFault });
    await app.listen({ host, port }).catch((error) => {
      throw listenError(error, resolved);
    });
    const { address, port: taken, family } = app.server.address() as AddressInfo;
    return {
      url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}`,
      detectors: [...detectors.keys()],
      async close() {
        await app.close();
        await pool.close();
        await telling?.close();
      },
    };
  } catch (error) {
    await pool.close();
    await telling?.close();
    throw error;
  }
}

async function openDetectors({ detectors, store }: ResolvedOptions, pool: Pool) {
  const opened = new Map<string, ServedDetector>();
  for (const [name, place] of Object.entries(detectors)) {
    const found = await stat(place).catch((cause) => {
      throw new UserError(`serve: there is no detector at ${place}`, { code: 'detector', cause });
    });
    const beside = found.isDirectory() ? join(place, 'station') : `${place}.station`;
    const versions = await VersionStore.open(store ? join(store, name) : beside, {
      createdAt: found.mtime.toISOString(),
      place: resolve(place),
    });
    opened.set(name, await ServedDetector.open(name, { versions, pool }).catch(asUserError));
  }
  return opened;
}

/** At the start it is told to whoever starts the station, not to a client. */
function asUserError(error: Error): never {
  if (!(error instanceof ServiceError)) throw error;
  throw new UserError(`serve: ${error.message}`, { code: 'detector', remedy: error.remedy, cause: error });
}

function listenError(error: NodeJS.ErrnoException, { host, port }: ResolvedOptions): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'another program listens there',
    EACCES: 'this user may not listen there',
    EADDRNOTAVAIL: 'this machine has no such address',
  };
  const reason = reasons[error.code ?? ''];
  if (!reason) return error;
  return new UserError(`serve: cannot listen on ${host}:${port}: ${reason}`, {
    code: 'option',
    remedy: 'choose another port or host',
    cause: error,
  });
}
