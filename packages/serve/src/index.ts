export type { Limits } from './limits.js';
export { openApiDocument } from './openapi.js';
export type { ServeOptions } from './options.js';
export type { Detection, DetectorDetail, DetectorSummary } from './schemas.js';
export { type Station, serve } from './serve.js';
