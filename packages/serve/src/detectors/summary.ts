import type { Limits } from '../limits.js';
import type { DetectorDetail, DetectorSummary } from '../schemas.js';
import type { ServedDetector } from './served-detector.js';

export function summaryOf({ name, versions, loaded, description }: ServedDetector): DetectorSummary {
  const { imageSize, channels, fit, score, threshold } = description;
  return {
    name,
    version: loaded.version,
    versions: versions.list().map(({ version, createdAt, cause }) => ({ version, createdAt, cause })),
    createdAt: versions.get(loaded.version)!.createdAt,
    ...{ imageSize, channels, fit, score, threshold },
  };
}

export function detailOf(detector: ServedDetector, limits: Limits): DetectorDetail {
  const { calibration, crop, regionOfInterest } = detector.description;
  const { drift: test } = detector;
  const drift = test
    ? { images: test.count, level: test.level, direction: test.drift?.direction ?? null }
    : null;
  return { ...summaryOf(detector), calibration, crop, regionOfInterest, drift, limits };
}
