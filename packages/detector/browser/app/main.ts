import { Detector } from '@ddad/detector';
import * as tf from '@tensorflow/tfjs';

/** Loads the detector at `address` and looks at images there; numbers that survive the way out of the page. */
async function detect(address: string, images: string[], engine: string) {
  const detector = await Detector.load(address, { engine, threads: 1 });
  const before = tf.memory().numTensors;
  const found: { score: number; isAnomalous: boolean; map: number[]; regions: object[] }[] = [];
  for await (const { score, isAnomalous, map, regions } of detector.detectAll(images)) {
    found.push({ score, isAnomalous, map: Array.from(map), regions });
  }
  const leaked = tf.memory().numTensors - before;
  detector.dispose();
  return { found, leaked };
}

Object.assign(window, { page: { detect } });

export type Page = { detect: typeof detect };
