import type { ServedDetector } from './detectors/served-detector.js';
import type { Admission } from './http/admission.js';
import type { Limits } from './limits.js';
import type { Metrics } from './metrics.js';
import { ServiceError } from './service-error.js';
import type { Telling } from './sinks/open-telling.js';
import type { Pool } from './worker/pool.js';

/** What the routes of a station share. */
export interface Context {
  detectors: ReadonlyMap<string, ServedDetector>;
  pool: Pool;
  admission: Admission;
  limits: Limits;
  metrics: Metrics;
  onNotice: (message: string) => void;
  /** Absent where nobody else is told. */
  telling?: Telling;
}

/** @throws {ServiceError} there is none of this name */
export function detectorNamed({ detectors }: Pick<Context, 'detectors'>, name: string): ServedDetector {
  const detector = detectors.get(name);
  if (detector) return detector;
  throw new ServiceError(`there is no detector ${name}`, {
    code: 'unknown',
    remedy: `there are: ${[...detectors.keys()].join(', ')}`,
  });
}
