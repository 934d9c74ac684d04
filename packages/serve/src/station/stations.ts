import type { ServedDetector } from '../detectors/served-detector.js';
import { Judgements } from './judgements.js';

/** The judgements beside each detector, read when they are first asked for. */
export class Stations {
  readonly #judgements = new Map<ServedDetector, Promise<Judgements>>();

  judgementsOf(detector: ServedDetector): Promise<Judgements> {
    let opened = this.#judgements.get(detector);
    if (!opened) {
      opened = Judgements.open(detector.versions.folder, detector.log);
      this.#judgements.set(detector, opened);
    }
    return opened;
  }
}
