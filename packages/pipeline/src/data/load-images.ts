import { setImmediate } from 'node:timers/promises';
import { loadImage, loadMask, type Sample } from '@ddad/datasets';
import type { Config } from '../config/schema.js';
import { throwIfInterrupted } from '../interrupted-error.js';
import type { RunOptions } from '../progress.js';
import { asUserError, UserError } from '../user-error.js';

/** A sample with its resized pixels. */
export interface LoadedImage<S = Sample> {
  sample: S;
  /** `imageSize * imageSize * channels` interleaved bytes. */
  bytes: Uint8Array;
}

/**
 * Decodes and resizes the images of `samples`; they stay in memory as bytes.
 *
 * @throws {UserError} an image does not decode and `data.skipBad` is off, or none is left
 */
export async function loadImages<S extends Pick<Sample, 'id' | 'imagePath'>>(
  samples: readonly S[],
  { data }: Pick<Config, 'data'>,
  { onProgress, onNotice, signal }: RunOptions = {},
): Promise<LoadedImage<S>[]> {
  const { imageSize, channels, fit, skipBad } = data;
  const loaded: LoadedImage<S>[] = [];
  const bad: string[] = [];
  for (const [i, sample] of samples.entries()) {
    try {
      const { data: bytes } = await asUserError(() =>
        loadImage(sample.imagePath, { size: [imageSize, imageSize], channels, fit }),
      );
      loaded.push({ sample, bytes });
    } catch (error) {
      if (!skipBad) {
        throw new UserError(
          `${(error as Error).message}; remove it, or set data.skipBad=true to leave it out`,
          {
            cause: error,
          },
        );
      }
      bad.push(sample.id);
    }
    onProgress?.({ phase: 'load', done: i + 1, total: samples.length });
    await setImmediate(); // lets Ctrl-C through
    throwIfInterrupted(signal, 'loading images');
  }
  if (bad.length) {
    const shown = bad.slice(0, 5).join(', ') + (bad.length > 5 ? ', ...' : '');
    onNotice?.(`left out ${bad.length} images that do not decode: ${shown}`);
  }
  if (samples.length && !loaded.length) throw new UserError(`none of the ${samples.length} images decodes`);
  return loaded;
}

/**
 * The ground truth of test images: `imageSize * imageSize` bytes each, 255 defect, 0 good, between them where
 * `data.maskResize` is bilinear; undefined where nobody drew it.
 */
export function loadMasks(
  samples: readonly Sample[],
  { data }: Pick<Config, 'data'>,
): Promise<(Uint8Array | undefined)[]> {
  const { imageSize, fit, maskResize } = data;
  return asUserError(() =>
    Promise.all(
      samples.map((sample) => loadMask(sample, { size: [imageSize, imageSize], fit, method: maskResize })),
    ),
  );
}
