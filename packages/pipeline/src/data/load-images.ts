import { type ImageStore, loadImages as load } from '@ddad/datasets';
import { asUserError, interruptible, type TaskOptions } from '@ddad/detector';
import type { Config } from '../config/schema.js';

/**
 * Decodes and resizes the images of `samples`; they stay in memory as bytes.
 *
 * @throws {UserError} an image does not decode and `data.skipBad` is off, or none is left
 * @throws {InterruptedError} `signal` was fired
 */
export async function loadImages<S extends { id: string; imagePath: string }>(
  samples: readonly S[],
  { data }: Pick<Config, 'data'>,
  { onProgress, onNotice, signal }: TaskOptions = {},
): Promise<ImageStore<S>> {
  const { imageSize, channels, fit, window, skipBad, cacheDir } = data;
  const decode = () =>
    load(samples, {
      size: [imageSize, imageSize],
      channels,
      fit,
      window: window ?? undefined,
      skipBad,
      cacheDir: cacheDir ?? undefined,
      signal,
      onProgress: ({ done, total }) => onProgress?.({ phase: 'load', done, total }),
    });
  const store = await interruptible(() => asUserError(decode, { code: 'image' }), {
    signal,
    doing: 'loading images',
  });
  describeSkipped(
    store.skipped.map(({ sample }) => sample.id),
    onNotice,
  );
  return store;
}

/** Tells the user of images that were left out. */
export function describeSkipped(names: readonly string[], onNotice: TaskOptions['onNotice']): void {
  if (names.length === 0) return;
  const shown = names.slice(0, 5).join(', ') + (names.length > 5 ? ', ...' : '');
  onNotice?.(`left out ${names.length} images that do not decode: ${shown}`);
}

/** The bytes of every image of a store. */
export function allImages(store: ImageStore<unknown>): Uint8Array[] {
  return store.samples.map((_, i) => store.get(i));
}
