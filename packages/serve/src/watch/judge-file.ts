import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Detector, UserError } from '@ddad/detector';
import { photoOverlay } from '@ddad/report';
import { type Judged, toldRegion, type Verdict } from '../sinks/verdict.js';
import type { CompleteFile } from './file-watch.js';

export interface JudgeFileOptions {
  /** The folder that paths are relative to. */
  folder: string;
  /** Name of the detector. */
  name: string;
  overlays: boolean;
}

/** A verdict that is still to be reached: the picture's bytes, and what it will be known by. */
export interface OpenedFile extends Pick<Verdict, 'id' | 'detector' | 'image'> {
  contents: Uint8Array;
}

/** Reads a file; its id is of its path and its bytes. */
export async function openFile(
  { path, bytes, mtimeMs }: CompleteFile,
  { folder, name }: JudgeFileOptions,
): Promise<OpenedFile> {
  const contents = await readFile(join(folder, path));
  const sha256 = createHash('sha256').update(contents).digest('hex');
  const id = createHash('sha256').update(`${path}\0${sha256}`).digest('hex').slice(0, 32);
  return { id, detector: name, image: { path, sha256, bytes, mtimeMs }, contents };
}

/** What the detector says of it, with the picture to be kept. */
export async function judgeFile(
  { contents, ...about }: OpenedFile,
  detector: Detector,
  { overlays }: JudgeFileOptions,
): Promise<{ verdict: Verdict; overlay?: Uint8Array }> {
  const stamped = () => ({ ...about, time: new Date().toISOString() });
  try {
    const prepared = await detector.prepare(contents);
    const { pixels, placement } = prepared;
    const { value } = await detector.detectPrepared([prepared]).next();
    const { score, threshold, isAnomalous, isForeign, regions, inRegion, map, width, height } = value!;
    const verdict: Judged = {
      ...stamped(),
      image: { ...about.image, width: pixels.width, height: pixels.height },
      ...{ score, threshold, anomalous: isAnomalous },
      ...(isForeign !== undefined && { foreign: isForeign }),
      regions: regions.flatMap((region) => toldRegion(region) ?? []),
    };
    if (!overlays) return { verdict };
    verdict.overlay = `overlays/${about.image.path}.${about.id.slice(0, 8)}.png`;
    const overlay = await photoOverlay(pixels, map, {
      ...{ width, height, placement, inside: inRegion, range: [0, 2 * threshold] as const },
      boxes: regions.flatMap(({ original }) => original ?? []),
    });
    return { verdict, overlay };
  } catch (error) {
    if (!UserError.isInstance(error) || error.code !== 'image') throw error;
    return { verdict: { ...stamped(), error: error.message } };
  }
}
