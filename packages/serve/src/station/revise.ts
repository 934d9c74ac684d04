import { type Manifest, manifestIn, openSource } from '@ddad/detector';
import type { ServedDetector } from '../detectors/served-detector.js';

/** Makes a version with another manifest and the same weights, and uses it. */
export function revise(
  detector: ServedDetector,
  { cause, change, details }: { cause: string; change: (manifest: Manifest) => Manifest; details: object },
): Promise<void> {
  const line: { [name: string]: unknown } = { ...details };
  return detector.replace(async (active) => {
    line.from = active.version;
    const manifest = change(await manifestIn(await openSource('serve', active.place)));
    return detector.versions.derive(manifest, { cause });
  }, line);
}
