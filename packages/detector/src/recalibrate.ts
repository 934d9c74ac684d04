import { loadMemory } from '@ddad/scoring';
import { type CalibrationPictures, calibrateWith, weightsOf } from './calibrate.js';
import { checkOptions, loadKeys, taskKeys } from './check-options.js';
import type { LoadDetectorOptions } from './detector.js';
import { startEngineFor } from './engine.js';
import { UserError } from './errors.js';
import { furtherCalibration } from './further-calibration.js';
import type { DetectorCalibration, Manifest } from './manifest.js';
import { manifestIn } from './manifest-in.js';
import { extendMemory, memoryFile, readMemory } from './memory/extend-memory.js';
import { loadNetworks } from './networks/load-networks.js';
import { networksOf } from './networks/networks.js';
import { type DetectorPlace, openSource } from './open-source.js';
import { type ImageInput, prepareImage } from './prepare-image.js';
import { maskOfTile, maskSource } from './region/mask-source.js';
import { createScorer, type Scorer } from './scoring/scorer.js';
import type { TaskOptions } from './task-options.js';
import { calibrationTiles, drawn, tilesPerPicture } from './tile-sample.js';

export interface RecalibrateOptions extends TaskOptions, Omit<LoadDetectorOptions, 'threshold'> {
  /** Further good images, which the detector has not seen. */
  images: Iterable<ImageInput> | AsyncIterable<ImageInput>;
  /** Remember their features. @default true where the detector has a memory */
  memory?: boolean;
  /**
   * Leave the scores of the earlier calibration out: scales and threshold from these images alone, at least three. For
   * another camera, light, or region of interest.
   *
   * @default false
   */
  forget?: boolean;
}

/** A detector made from another one. */
export interface RevisedDetector {
  manifest: Manifest;
  /** By name, the files that the manifest names and the other detector has not: at most a memory. */
  files: Map<string, Uint8Array>;
}

/**
 * A detector that takes further good images into account, without training: their features join the memory, and the
 * threshold rests on their scores too, each compared with what the memory has of the others. Writes nothing; the detector
 * at `place` stays as it is.
 *
 * @throws {UserError} no detector there, an image that cannot be read; a memory is asked for and there is none; too few
 * images to calibrate with
 * @throws {InterruptedError} `signal` was fired
 */
export async function recalibrate(
  place: DetectorPlace,
  options: RecalibrateOptions,
): Promise<RevisedDetector> {
  const { threshold: _, ...keys } = loadKeys;
  checkOptions('recalibrate', options, { ...taskKeys, ...keys, images: true, memory: true, forget: true });
  const { images, forget = false, engine = 'auto', threads = null, backbone: make, ...task } = options;
  const source = await openSource('recalibrate', place);
  const manifest = await manifestIn(source);
  const { config } = manifest;
  const { memory: remember = manifest.memory !== null } = options;
  if (remember && !manifest.memory) {
    throw new UserError('option memory: the detector has no memory that the images could join', {
      code: 'option',
    });
  }
  const { bytes, masks, places, pictures } = await readAll(images, manifest);
  const started = await startEngineFor({ engine, threads, precision: manifest.config.precision }, task);
  const base = await loadNetworks(source, { ...manifest, memory: null }, { backbone: make });
  let networks = base;
  const files = new Map<string, Uint8Array>();
  let revised = manifest;
  let leaveOut: number[] | undefined;
  try {
    if (manifest.memory) {
      let memory = await readMemory(source, manifest.memory);
      if (remember && bytes.length) {
        const from = memory.imageCount;
        leaveOut = places.map((place) => from + place);
        if (pictures) pictures.from = from;
        memory = await extendMemory(memory, bytes, {
          ...{ ...pick(task), config, backbone: base.backbone, masks },
          ...(pictures && { pictures: places }),
        });
        const made = await memoryFile(memory);
        files.set(made.file.file, made.bytes);
        revised = { ...manifest, memory: made.file };
      }
      networks = networksOf({ ...base, memory: loadMemory(memory) });
    }
    const scorer = createScorer(config, { networks, engine: started });
    try {
      const further = { ...pick(task), masks, leaveOut, pictures };
      const calibration = forget
        ? await calibrateForgetting(scorer, bytes, { ...further, manifest })
        : await furtherCalibration(manifest, scorer, { ...further, images: bytes });
      const threshold = { value: calibration.threshold, from: 'calibrated' as const };
      return { manifest: { ...revised, calibration, threshold }, files };
    } finally {
      scorer.dispose();
    }
  } finally {
    networks.dispose();
  }
}

function calibrateForgetting(
  scorer: Scorer,
  images: readonly Uint8Array[],
  {
    manifest,
    masks,
    leaveOut,
    pictures,
    ...task
  }: TaskOptions & Pick<ReadImages, 'masks' | 'pictures'> & { manifest: Manifest; leaveOut?: number[] },
): Promise<DetectorCalibration> {
  const { config, calibration } = manifest;
  const every = pictures ? Math.ceil(images.length / calibrationTiles) : 1;
  const some = <T>(list: readonly T[]) => list.filter((_, i) => i % every === 0);
  return calibrateWith(scorer, some(images), {
    ...{ ...task, config, pictures, sharedWithTraining: false },
    ...{ masks: some(masks), leaveOut: leaveOut && some(leaveOut) },
    weights: () => weightsOf(calibration),
  });
}

/** What the networks see of the images. */
interface ReadImages {
  bytes: Uint8Array[];
  masks: (Uint8Array | undefined)[];
  /** Of each, the place of its image among the images. */
  places: number[];
  /** The images, where they are seen in tiles; `from`: the number of the first in a memory that has seen them. */
  pictures?: CalibrationPictures & { from?: number };
}

async function readAll(images: RecalibrateOptions['images'], manifest: Manifest): Promise<ReadImages> {
  const { config } = manifest;
  const maskOf = maskSource(manifest);
  const read: ReadImages = { bytes: [], masks: [], places: [] };
  if (config.data.tiles === null) {
    for await (const image of images) {
      const { parts, pixels } = await prepareImage(image, config);
      read.places.push(read.bytes.length);
      read.bytes.push(parts[0].bytes);
      read.masks.push(maskOf(pixels));
    }
    return read;
  }
  const inputs: ImageInput[] = [];
  for await (const image of images) inputs.push(image);
  const { imageSize: side, channels } = config.data;
  const most = tilesPerPicture(inputs.length, side * side * channels);
  for (const [place, input] of inputs.entries()) {
    const { parts, width, pixels } = await prepareImage(input, config);
    const mask = maskOf(pixels);
    const judged = parts.flatMap((part) => {
      const own = maskOfTile(mask, part, { width, side });
      return own === null ? [] : [{ part, own }];
    });
    for (const { part, own } of drawn(judged, { most, seed: config.seed, key: place })) {
      read.places.push(place);
      read.bytes.push(part.bytes);
      read.masks.push(own);
    }
  }
  const pictures: NonNullable<ReadImages['pictures']> = {
    count: inputs.length,
    async *read() {
      for (const [place, input] of inputs.entries()) {
        const image = await prepareImage(input, config);
        const { from } = pictures;
        yield { image, mask: maskOf(image.pixels), ...(from !== undefined && { leaveOut: from + place }) };
      }
    },
  };
  return { ...read, pictures };
}

function pick({ onProgress, onNotice, signal }: TaskOptions): TaskOptions {
  return { onProgress, onNotice, signal };
}
