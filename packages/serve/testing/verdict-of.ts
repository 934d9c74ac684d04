import type { Judged } from '../src/sinks/verdict.js';

/** A verdict with this id. */
export function verdictOf(id: string): Judged {
  return {
    id,
    time: '2026-01-02T03:04:05.000Z',
    detector: 'lid',
    image: { path: `${id}.png`, sha256: id, bytes: 10, mtimeMs: 1, width: 4, height: 3 },
    ...{ score: 0.5, threshold: 1, anomalous: false, regions: [] },
  };
}
