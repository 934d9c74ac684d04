import { dirname, join, resolve } from 'node:path';
import {
  checkOptions,
  type Detection,
  Detector,
  describeDrift,
  type LoadDetectorOptions,
  loadKeys,
  type PreparedImage,
  type TaskOptions,
  taskKeys,
  UserError,
} from '@ddad/detector';
import { photoOverlay } from '@ddad/report';
import type { FoundImage } from './data/found-image.js';
import { imagesOf } from './data/images-of.js';
import { detectionsCsv } from './detection/detections-csv.js';
import type { BadFile, FileDetection } from './detection/file-detection.js';
import { checkWritable, writeAtomic } from './io/write-atomic.js';

export interface DetectFilesOptions extends TaskOptions, LoadDetectorOptions {
  /** Folder of the trained detector. */
  checkpoint: string;
  /** Folder to write each image to, with heat map, contour and framed regions, at its own size. @default none */
  out?: string;
  /** CSV file of the results, written at the end, also one that a signal or an error brings. @default none */
  csv?: string;
  /**
   * What to do about a file that cannot be read: `throw` ends with its error, `skip` leaves it out with a notice,
   * `yield` gives a {@link BadFile} in its place.
   *
   * @default 'throw'
   */
  badFiles?: 'throw' | 'skip' | 'yield';
}

/**
 * Runs a trained detector on images, and on those in folders and below, one after the other as they are taken, in the
 * order given; in a folder by name. `onNotice` is told where scores of images called good no longer look like those of the
 * calibration.
 *
 * @param paths an image, a folder, or several of both
 * @throws {UserError} nothing there, no trained detector; an image that does not decode, unless `badFiles` says otherwise
 */
export function detectFiles(
  paths: string | readonly string[],
  options: DetectFilesOptions & { badFiles: 'yield' },
): AsyncGenerator<FileDetection | BadFile, undefined>;
export function detectFiles(
  paths: string | readonly string[],
  options: DetectFilesOptions,
): AsyncGenerator<FileDetection, undefined>;
export async function* detectFiles(
  paths: string | readonly string[],
  options: DetectFilesOptions,
): AsyncGenerator<FileDetection | BadFile, undefined> {
  checkOptions('detectFiles', options, {
    ...{ ...taskKeys, ...loadKeys },
    ...{ checkpoint: true, out: true, csv: true, badFiles: true },
  });
  const { checkpoint, out, csv, badFiles = 'throw', onNotice, onProgress, signal } = options;
  const found = await imagesOf(typeof paths === 'string' ? [paths] : paths, { onNotice });
  if (out) {
    checkOverlays(out, found);
    await checkWritable(out);
  }
  if (csv) await checkWritable(dirname(csv));
  const { engine, threads, threshold, backbone } = options;
  const detector = await Detector.load(checkpoint, { engine, threads, threshold, backbone, onNotice });
  const drift = detector.driftTest();
  // What was read ahead, in its order.
  const taken: ({ file: FoundImage } & ({ image: PreparedImage } | { error: UserError }))[] = [];
  const results: (FileDetection | BadFile)[] = [];
  let done = 0;
  const advance = () => onProgress?.({ phase: 'detect', done: ++done, total: found.length });
  async function* prepared() {
    for (const file of found) {
      try {
        if (file.missing) throw file.missing;
        const image = await detector.prepare(file.path);
        taken.push({ file, image });
        yield image;
      } catch (error) {
        if (badFiles === 'throw' || !UserError.isInstance(error)) throw error;
        taken.push({ file, error });
      }
    }
  }
  /** What stands before the next detection. */
  function* bad() {
    for (let next = taken[0]; next && 'error' in next; next = taken[0]) {
      taken.shift();
      advance();
      const result: BadFile = { path: next.file.path, error: next.error.message };
      results.push(result);
      if (badFiles === 'yield') yield result;
      else onNotice?.(`left out: ${result.error}`);
    }
  }
  try {
    for await (const detection of detector.detectPrepared(prepared(), { signal })) {
      yield* bad();
      const next = taken.shift()!;
      if ('error' in next) throw new Error('detectFiles: a detection without its image');
      const { file, image } = next;
      const { score, threshold, isAnomalous, isForeign, width, height, regions } = detection;
      const { width: imageWidth, height: imageHeight } = image.pixels;
      const sizes = { width, height, imageWidth, imageHeight };
      const verdict = { score, threshold, isAnomalous, isForeign };
      const result: FileDetection = { path: file.path, ...verdict, ...sizes, regions };
      const drifted = drift?.add(score);
      if (drifted) onNotice?.(describeDrift(drifted));
      if (out) {
        result.overlay = join(out, overlayName(file));
        await writeAtomic(result.overlay, await overlayOf(image, detection));
      }
      advance();
      results.push(result);
      yield result;
    }
    yield* bad();
    return undefined;
  } finally {
    detector.dispose();
    if (csv) await writeAtomic(csv, detectionsCsv(results));
  }
}

/** Ends where an overlay would be written over an image, or over another overlay. */
function checkOverlays(out: string, found: readonly FoundImage[]): void {
  const images = new Set(found.map(({ path }) => resolve(path)));
  const overlays = new Set<string>();
  for (const file of found) {
    const overlay = resolve(out, overlayName(file));
    if (images.has(overlay)) {
      throw new UserError(
        `option out: needs another folder than that of the images, got ${out}: ${file.path} would be overwritten`,
        { code: 'option' },
      );
    }
    if (overlays.has(overlay)) {
      throw new UserError(`option out: two images would have the overlay ${join(out, overlayName(file))}`, {
        code: 'option',
        remedy: 'give them one after the other, with another folder each',
      });
    }
    overlays.add(overlay);
  }
}

function overlayName({ name }: FoundImage): string {
  return `${name.replace(/\.png$/i, '')}.png`;
}

function overlayOf({ pixels, placement }: PreparedImage, detection: Detection): Promise<Uint8Array> {
  const { width, height, map, threshold, regions, inRegion } = detection;
  return photoOverlay(pixels, map, {
    ...{ width, height, placement, inside: inRegion },
    // Twice the threshold is the brightest colour, so that colours mean the same in every image.
    range: [0, 2 * threshold],
    boxes: regions.flatMap(({ original }) => original ?? []),
  });
}
