import type { ServedDetector } from '../detectors/served-detector.js';
import { ServiceError } from '../service-error.js';
import type { Pool } from '../worker/pool.js';
import { baseVersion } from './base-version.js';
import type { Judgements } from './judgements.js';
import { readDecisions } from './read-decisions.js';

export interface RecalibrateRequest {
  memory?: boolean;
  forget?: boolean;
}

export interface Recalibrated {
  version: number;
  base: number;
  pictures: number;
  threshold: number;
  seconds: number;
}

/**
 * Makes a version that takes the pictures judged good into account, and uses it. The others threads go on judging.
 *
 * @throws {ServiceError} there is none to take into account
 */
export async function recalibrateDetector(
  detector: ServedDetector,
  { judgements, pool, ...asked }: RecalibrateRequest & { judgements: Judgements; pool: Pool },
): Promise<Recalibrated> {
  const began = performance.now();
  const { versions, log } = detector;
  const line: { [name: string]: unknown } = { ...asked };
  let base = 0;
  let pictures = 0;
  await detector.replace(async (active) => {
    base = baseVersion(active.version, await readDecisions(log.path));
    const good = judgements.list().filter(({ verdict }) => verdict === 'good');
    pictures = good.length;
    if (pictures === 0 && base === active.version) {
      throw new ServiceError('no picture is judged good', {
        code: 'request',
        remedy: 'judge some, then ask again',
      });
    }
    const { manifest, files } = await pool.aside('recalibrate', {
      ...asked,
      base: versions.get(base)!.place,
      active: active.place,
      images: good.map(({ sha256 }) => judgements.pathOf(sha256)),
    });
    Object.assign(line, {
      ...{ from: active.version, base, threshold: manifest.threshold!.value },
      images: good.map(({ sha256 }) => sha256),
    });
    return versions.derive(manifest, { cause: 'recalibrated', files });
  }, line);
  const { loaded, description } = detector;
  const seconds = (performance.now() - began) / 1000;
  return { version: loaded.version, base, pictures, threshold: description.threshold.value, seconds };
}
