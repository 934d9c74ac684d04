import { basename, extname, join, relative } from 'node:path';
import type { DefectRegion } from '@ddad/scoring';
import { imagePaths } from './data/image-paths.js';
import { type Detection, Detector, type LoadDetectorOptions } from './detector.js';
import { checkWritable } from './io/write-atomic.js';
import type { RunOptions } from './progress.js';
import { UserError } from './user-error.js';

export interface DetectFilesOptions extends RunOptions, LoadDetectorOptions {
  /** Folder of the trained detector. */
  checkpoint: string;
  /** Folder to write an overlay of each image to. @default none is written */
  out?: string;
  /** Leave out images that do not decode, with a notice. @default false */
  skipBad?: boolean;
}

/** A detection without its pixels. */
export interface FileDetection {
  path: string;
  score: number;
  threshold: number;
  isAnomalous: boolean;
  regions: DefectRegion[];
  /** The overlay that was written. */
  overlay?: string;
}

/**
 * Runs a trained detector on an image, or on those in a folder and below.
 *
 * @throws {UserError} nothing there, an image that does not decode, no trained detector
 */
export async function detectFiles(path: string, options: DetectFilesOptions): Promise<FileDetection[]> {
  const { checkpoint, out, skipBad = false, ...run } = options;
  const paths = await imagePaths(path);
  if (out) await checkWritable(out);
  const detector = await Detector.load(checkpoint, options);
  try {
    const results: FileDetection[] = [];
    const { batchSize } = detector.config.scoring;
    for (let at = 0; at < paths.length; at += batchSize) {
      const readable: string[] = [];
      const images: Uint8Array[] = [];
      for (const each of paths.slice(at, at + batchSize)) {
        try {
          images.push(await detector.prepare(each));
          readable.push(each);
        } catch (error) {
          if (!(skipBad && error instanceof UserError)) throw error;
          run.onNotice?.(`left out: ${error.message}`);
        }
      }
      const detections = await detector.detectPrepared(images, { ...run, onProgress: undefined });
      for (const [i, detection] of detections.entries()) {
        const { score, threshold, isAnomalous, regions } = detection;
        const result: FileDetection = { path: readable[i], score, threshold, isAnomalous, regions };
        if (out) result.overlay = await writeOverlay(path, out, { path: readable[i], image: images[i], detection });
        results.push(result);
      }
      run.onProgress?.({ phase: 'detect', done: Math.min(at + batchSize, paths.length), total: paths.length });
    }
    return results;
  } finally {
    detector.dispose();
  }
}
