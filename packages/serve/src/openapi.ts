import { createApp } from './app.js';
import { Admission } from './http/admission.js';
import { defaultLimits } from './limits.js';
import { createMetrics } from './metrics.js';
import { Pool } from './worker/pool.js';

/** The OpenAPI document of a station, also at `/openapi.json`: made from the schemas that its routes check. */
export async function openApiDocument(): Promise<object> {
  const limits = defaultLimits;
  const none = () => 0;
  const context = {
    ...{ detectors: new Map(), limits, admission: new Admission({ ...limits, pace: () => undefined }) },
    metrics: createMetrics({ accepted: none, queued: none, refused: none, restarts: none }),
    onNotice: () => {},
    pool: new Pool({
      ...{ engine: 'auto', threads: null, threadCount: 0, pixels: limits.pixels },
      ...{ stuckAfter: 0, onNotice: () => {} },
    }),
  };
  const app = await createApp({ context, token: undefined, cors: [], onFault: () => {} });
  await app.ready();
  const document = app.swagger();
  await app.close();
  return document;
}
