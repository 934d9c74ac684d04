import type { EngineStatus } from './check-engine.js';
import { EngineError } from './engine-error.js';

/** Engines are tried in processes of their own, which a browser cannot start. */
export async function listEngines(): Promise<EngineStatus[]> {
  throw new EngineError('listEngines needs Node', { remedy: 'try one by checkEngine' });
}
