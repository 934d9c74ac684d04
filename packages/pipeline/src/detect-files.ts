import { basename, join, relative, resolve } from 'node:path';
import { withChannels } from '@ddad/images';
import { overlay, panel } from '@ddad/report';
import type { DefectRegion } from '@ddad/scoring';
import type { Config } from './config/schema.js';
import { imagePaths } from './data/image-paths.js';
import { type Detection, Detector, type LoadDetectorOptions } from './detector.js';
import { checkWritable, writeAtomic } from './io/write-atomic.js';
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
  if (out && resolve(out) === resolve(path)) {
    throw new UserError(`--out: needs another folder than that of the images, got ${out} for both`);
  }
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
        if (out)
          result.overlay = await writeOverlay(path, out, {
            path: readable[i],
            image: images[i],
            detection,
            config: detector.config,
          });
        results.push(result);
      }
      run.onProgress?.({
        phase: 'detect',
        done: Math.min(at + batchSize, paths.length),
        total: paths.length,
      });
    }
    return results;
  } finally {
    detector.dispose();
  }
}

async function writeOverlay(
  root: string,
  out: string,
  {
    path,
    image,
    detection,
    config,
  }: { path: string; image: Uint8Array; detection: Detection; config: Config },
): Promise<string> {
  const { imageSize: width, imageSize: height, channels } = config.data;
  const size = { width, height };
  const input = withChannels({ data: image, ...size, channels }, 3).data;
  // Twice the threshold is the brightest colour, so that colours mean the same in every image.
  const range = [0, 2 * detection.threshold] as const;
  const pictures = [input, overlay(input, detection.map, { ...size, range, threshold: detection.threshold })];
  const name = relative(root, path) || basename(path);
  const file = join(out, `${name.replace(/\.png$/i, '')}.png`);
  await writeAtomic(file, panel(pictures.map((data) => ({ ...size, data }))));
  return file;
}
