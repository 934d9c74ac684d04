import {
  type CalibrationPictures,
  calibrationTiles,
  type Manifest,
  maskSource,
  prepareImage,
} from '@ddad/detector';
import { type ImagePlace, maskOf } from './image-place.js';
import type { TrainingImages } from './training-images.js';

/** Good images that a detector is calibrated with. */
export type CalibrationImages = Pick<
  TrainingImages,
  'calibration' | 'calibrationPlaces' | 'calibrationPaths' | 'shared'
>;

/** The same, for `calibrateWith` of @ddad/detector. */
export interface CalibrationSet {
  /** The images; of pictures that are cut into tiles some of these. */
  images: Uint8Array[];
  places: ImagePlace[];
  /** What of each is judged; undefined where that is all of every one. */
  masks: (Uint8Array | undefined)[] | undefined;
  /** The number of each image's picture in a memory that has seen all of them. */
  leaveOut: number[] | undefined;
  /** The pictures, where they are cut into tiles. */
  pictures: CalibrationPictures | undefined;
}

/**
 * Good images under the region of interest of a detector.
 *
 * @throws {UserError} the region leaves nothing of an image to judge
 */
export async function calibrationSet(
  manifest: Pick<Manifest, 'config' | 'regionOfInterest'>,
  { calibration, calibrationPlaces, calibrationPaths, shared }: CalibrationImages,
): Promise<CalibrationSet> {
  const { config, regionOfInterest } = manifest;
  const masks = maskSource(manifest);
  const judged: { image: Uint8Array; place: ImagePlace; mask: Uint8Array | undefined }[] = [];
  for (const [i, place] of calibrationPlaces.entries()) {
    const mask = regionOfInterest && (await maskOf(place, { masks, side: config.data.imageSize }));
    if (mask !== null) judged.push({ image: calibration[i], place, mask });
  }
  const isTiled = config.data.tiles !== null;
  const every = isTiled ? Math.ceil(judged.length / calibrationTiles) : 1;
  const some = judged.filter((_, i) => i % every === 0);
  return {
    images: some.map(({ image }) => image),
    places: some.map(({ place }) => place),
    masks: regionOfInterest && some.map(({ mask }) => mask),
    leaveOut: shared ? some.map(({ place }) => place.picture) : undefined,
    pictures: isTiled ? picturesOf() : undefined,
  };

  function picturesOf(): CalibrationPictures {
    return {
      count: calibrationPaths.length,
      async *read() {
        for (const [i, path] of calibrationPaths.entries()) {
          const image = await prepareImage(path, config);
          yield { image, mask: masks(image.pixels), ...(shared && { leaveOut: i }) };
        }
      },
    };
  }
}
