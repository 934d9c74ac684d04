import { loadMemory } from '@ddad/scoring';
import { calibrateWith, weightsOf } from './calibrate.js';
import { checkOptions, loadKeys, taskKeys } from './check-options.js';
import type { LoadDetectorOptions } from './detector.js';
import { startEngineFor } from './engine.js';
import { UserError } from './errors.js';
import { furtherCalibration } from './further-calibration.js';
import type { Manifest } from './manifest.js';
import { manifestIn } from './manifest-in.js';
import { extendMemory, memoryFile, readMemory } from './memory/extend-memory.js';
import { loadNetworks } from './networks/load-networks.js';
import { networksOf } from './networks/networks.js';
import { type DetectorPlace, openSource } from './open-source.js';
import { type ImageInput, prepareImage } from './prepare-image.js';
import { maskSource } from './region/mask-source.js';
import { createScorer } from './scoring/scorer.js';
import type { TaskOptions } from './task-options.js';

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
  const { bytes, masks } = await readAll(images, manifest);
  const started = await startEngineFor({ engine, threads }, task);
  const base = await loadNetworks(source, { ...manifest, memory: null }, { backbone: make });
  let networks = base;
  const files = new Map<string, Uint8Array>();
  let revised = manifest;
  let leaveOut: number[] | undefined;
  try {
    if (manifest.memory) {
      let memory = await readMemory(source, manifest.memory);
      if (remember && bytes.length) {
        leaveOut = bytes.map((_, i) => memory.imageCount + i);
        memory = await extendMemory(memory, bytes, { config, backbone: base.backbone, ...pick(task) });
        const made = await memoryFile(memory);
        files.set(made.file.file, made.bytes);
        revised = { ...manifest, memory: made.file };
      }
      networks = networksOf({ ...base, memory: loadMemory(memory) });
    }
    const scorer = createScorer(config, { networks, engine: started });
    try {
      const calibration = forget
        ? await calibrateWith(scorer, bytes, {
            ...{ ...pick(task), config, masks, leaveOut, sharedWithTraining: false },
            weights: () => weightsOf(manifest.calibration),
          })
        : await furtherCalibration(manifest, scorer, { ...pick(task), images: bytes, masks, leaveOut });
      const threshold = { value: calibration.threshold, from: 'calibrated' as const };
      return { manifest: { ...revised, calibration, threshold }, files };
    } finally {
      scorer.dispose();
    }
  } finally {
    networks.dispose();
  }
}

async function readAll(
  images: RecalibrateOptions['images'],
  manifest: Manifest,
): Promise<{ bytes: Uint8Array[]; masks: (Uint8Array | undefined)[] }> {
  const maskOf = maskSource(manifest);
  const bytes: Uint8Array[] = [];
  const masks: (Uint8Array | undefined)[] = [];
  for await (const image of images) {
    const prepared = await prepareImage(image, manifest.config);
    bytes.push(prepared.bytes);
    masks.push(maskOf(prepared.pixels));
  }
  return { bytes, masks };
}

function pick({ onProgress, onNotice, signal }: TaskOptions): TaskOptions {
  return { onProgress, onNotice, signal };
}
