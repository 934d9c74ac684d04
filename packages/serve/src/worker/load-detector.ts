import { Detector, smallestPicture, UserError } from '@ddad/detector';
import { type DetectorDescription, describe } from './describe.js';
import type { ThreadOptions } from './messages.js';

/** A detector that has run once: its networks are compiled, for one image and for a full batch. */
export async function loadDetector(
  place: string,
  { engine, threads }: ThreadOptions,
): Promise<{ detector: Detector; description: DetectorDescription }> {
  const detector = await Detector.load(place, { engine, threads: threads ?? undefined });
  try {
    if (detector.threshold === undefined) {
      throw new UserError(`${place}: the detector has no threshold yet`, {
        code: 'detector',
        remedy: 'set one with `calibrate` and a folder of good images',
      });
    }
    const size = smallestPicture(detector.config);
    const data = new Uint8Array(size.width * size.height * 3).fill(128);
    const blank = { data, ...size, channels: 3 };
    await detector.detect(blank);
    return { detector, description: describe(detector) };
  } catch (error) {
    detector.dispose();
    throw error;
  }
}
