import { basename, join, relative, resolve } from 'node:path';
import {
  type Detection,
  Detector,
  type LoadDetectorOptions,
  type PreparedImage,
  type TaskOptions,
  UserError,
} from '@ddad/detector';
import { photoOverlay } from '@ddad/report';
import { imagePaths } from './data/image-paths.js';
import { checkWritable, writeAtomic } from './io/write-atomic.js';

export interface DetectFilesOptions extends TaskOptions, LoadDetectorOptions {
  /** Folder of the trained detector. */
  checkpoint: string;
  /** Folder to write each image to, with heat map, contour and framed regions, at its own size. @default none */
  out?: string;
  /** Leave out images that do not decode, with a notice. @default false */
  skipBad?: boolean;
}

/** A detection without its pixels. */
export interface FileDetection
  extends Pick<Detection, 'score' | 'threshold' | 'isAnomalous' | 'width' | 'height' | 'regions'> {
  path: string;
  /** The overlay that was written. */
  overlay?: string;
}

/**
 * Runs a trained detector on an image, or on those in a folder and below, one after the other as they are taken.
 *
 * @throws {UserError} nothing there, an image that does not decode, no trained detector
 */
export async function* detectFiles(
  path: string,
  options: DetectFilesOptions,
): AsyncGenerator<FileDetection, undefined> {
  const { checkpoint, out, skipBad = false, onNotice, onProgress, signal } = options;
  const paths = await imagePaths(path, { onNotice });
  if (out && resolve(out) === resolve(path)) {
    throw new UserError(`option out: needs another folder than that of the images, got ${out} for both`, {
      code: 'option',
    });
  }
  if (out) await checkWritable(out);
  const detector = await Detector.load(checkpoint, options);
  const taken: { path: string; image: PreparedImage }[] = [];
  let done = 0;
  async function* prepared() {
    for (const each of paths) {
      try {
        const image = await detector.prepare(each);
        taken.push({ path: each, image });
        yield image;
      } catch (error) {
        if (!(skipBad && UserError.isInstance(error))) throw error;
        done++;
        onNotice?.(`left out: ${error.message}`);
      }
    }
  }
  try {
    for await (const detection of detector.detectPrepared(prepared(), { signal })) {
      const { path: file, image } = taken.shift()!;
      const { score, threshold, isAnomalous, width, height, regions } = detection;
      const result: FileDetection = { path: file, score, threshold, isAnomalous, width, height, regions };
      if (out) {
        result.overlay = join(out, overlayName(path, file));
        await writeAtomic(result.overlay, await overlayOf(image, detection));
      }
      onProgress?.({ phase: 'detect', done: ++done, total: paths.length });
      yield result;
    }
    return undefined;
  } finally {
    detector.dispose();
  }
}

function overlayName(root: string, path: string): string {
  const name = relative(root, path) || basename(path);
  return `${name.replace(/\.png$/i, '')}.png`;
}

function overlayOf({ pixels, placement }: PreparedImage, detection: Detection): Promise<Uint8Array> {
  const { width, height, map, threshold, regions } = detection;
  return photoOverlay(pixels, map, {
    ...{ width, height, placement, threshold },
    // Twice the threshold is the brightest colour, so that colours mean the same in every image.
    range: [0, 2 * threshold],
    boxes: regions.flatMap(({ original }) => original ?? []),
  });
}
