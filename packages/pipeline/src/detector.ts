import { join } from 'node:path';
import type { Pixels } from '@ddad/datasets';
import type { UNet } from '@ddad/diffusion';
import type { Backbone } from '@ddad/features';
import type { NamedEngine } from '@ddad/nn';
import { type DefectRegion, defectRegions } from '@ddad/scoring';
import { type Manifest, readManifest } from './checkpoint/manifest.js';
import { readWeights } from './checkpoint/weights-file.js';
import type { Config } from './config/schema.js';
import { type ImageInput, prepareImage } from './data/prepare-image.js';
import { startEngine } from './engine.js';
import { centreBox } from './evaluation/crop.js';
import { type BackboneOptions, emptyBackbone, featuresArchitecture } from './model/build-backbone.js';
import { buildUNet, unetArchitecture } from './model/build-unet.js';
import { orDispose } from './model/or-dispose.js';
import { createScorer, type Distances, type ScoredMap, type Scorer } from './model/scorer.js';
import type { RunOptions } from './progress.js';
import { asUserError, UserError } from './user-error.js';

export interface LoadDetectorOptions extends Pick<RunOptions, 'onNotice'>, BackboneOptions {
  /** Engine to run on, by the names of `ddad engines`. @default 'auto' */
  engine?: string;
  /** Threads of a CPU engine. @default the engine's choice */
  threads?: number;
}

/** What a detector finds in an image. */
export interface Detection {
  /** The higher, the more anomalous. */
  score: number;
  threshold: number;
  /** score >= threshold */
  isAnomalous: boolean;
  /** Anomaly map, `imageSize * imageSize` values row by row. */
  map: Float32Array;
  /** Connected parts of the map at or above the threshold, in pixels of the map, highest peak first. */
  regions: DefectRegion[];
  /** The image without its anomaly, `imageSize x imageSize`. */
  reconstruction: Pixels;
}

/** A trained detector: scores images one by one, each independent of all others. */
export class Detector {
  readonly config: Config;
  readonly manifest: Manifest;
  readonly #unet: UNet;
  readonly #backbone: Backbone;
  readonly #scorer: Scorer;

  private constructor(manifest: Manifest, networks: { unet: UNet; backbone: Backbone; engine: NamedEngine }) {
    this.config = manifest.config;
    this.manifest = manifest;
    this.#unet = networks.unet;
    this.#backbone = networks.backbone;
    this.#scorer = createScorer(manifest.config, networks);
  }

  /**
   * Loads the detector that `adapt` or `run` left in a checkpoint folder.
   *
   * @param folder holds `detector.json` and the weights it names
   * @throws {UserError} missing, damaged or altered files, an engine that is not installed
   */
  static async load(
    folder: string,
    { engine = 'auto', threads, backbone: make, onNotice }: LoadDetectorOptions = {},
  ): Promise<Detector> {
    const manifest = await readManifest(folder);
    const { config } = manifest;
    const [unetState, featuresState] = await Promise.all([
      readWeights(join(folder, manifest.unet.file), {
        architecture: unetArchitecture(config),
        sha256: manifest.unet.sha256,
      }),
      readWeights(join(folder, manifest.features.file), {
        architecture: featuresArchitecture(config),
        sha256: manifest.features.sha256,
      }),
    ]);
    const started = await startEngine({ engine, threads: threads ?? null }, { onNotice });
    const unet = await buildUNet(config);
    const backbone = await orDispose(unet, () => emptyBackbone(config, { backbone: make }));
    const fill = async () => {
      unet.loadStateDict(unetState);
      await backbone.loadStateDict(featuresState, { strict: true });
    };
    await orDispose(unet, () => orDispose(backbone, () => asUserError(fill, `${folder}: `)));
    backbone.train(false);
    return new Detector(manifest, { unet, backbone, engine: started });
  }

  /** Scores at or above it are anomalous; undefined until calibration or evaluation has set it. */
  get threshold(): number | undefined {
    return this.manifest.threshold?.value;
  }

  /**
   * Looks at one image.
   *
   * @param image path, bytes of an image file, or decoded pixels
   * @throws {UserError} the image cannot be read; the detector has no threshold
   */
  async detect(image: ImageInput, options: Pick<RunOptions, 'signal'> = {}): Promise<Detection> {
    const [detection] = await this.detectAll([image], options);
    return detection;
  }

  /** Looks at many images, in batches; each gets what it would get alone. */
  async detectAll(images: readonly ImageInput[], run: RunOptions = {}): Promise<Detection[]> {
    const bytes: Uint8Array[] = [];
    for (const image of images) bytes.push(await this.prepare(image));
    return this.detectPrepared(bytes, run);
  }

  /** An image as the networks see it: `imageSize * imageSize * channels` interleaved bytes. */
  prepare(image: ImageInput): Promise<Uint8Array> {
    return prepareImage(image, this.config);
  }

  /** {@link detectAll} for images that {@link prepare} has resized. */
  async detectPrepared(images: readonly Uint8Array[], run: RunOptions = {}): Promise<Detection[]> {
    const threshold = this.threshold;
    if (threshold === undefined) {
      throw new UserError(
        'the detector has no threshold yet; set one with `ddad calibrate <folder of good images>`',
      );
    }
    if (!images.length) return [];
    const distances = await this.#scorer.distances(images, { ...run, phase: 'detect' });
    const maps = await this.#maps(distances);
    return maps.map((scored, i) => this.#detection(scored, distances[i], threshold));
  }

  /** Releases the networks. */
  dispose(): void {
    this.#scorer.dispose();
    this.#unet.dispose();
    this.#backbone.dispose?.();
  }

  async #maps(distances: Distances[]): Promise<ScoredMap[]> {
    const { calibration, config } = this.manifest;
    if (config.scoring.normalization === 'calibrated' && calibration) {
      return this.#scorer.maps(distances, { ratio: calibration.ratio });
    }
    // Each image is a batch of its own: what else comes along must not change its score.
    const maps: ScoredMap[] = [];
    for (const each of distances) maps.push(...(await this.#scorer.maps([each], 'batch')));
    return maps;
  }

  #detection({ map, score }: ScoredMap, { reconstruction }: Distances, threshold: number): Detection {
    const { imageSize, channels } = this.config.data;
    return {
      score,
      threshold,
      isAnomalous: score >= threshold,
      map,
      regions: regionsOf(map, this.config, threshold),
      reconstruction: { data: reconstruction, width: imageSize, height: imageSize, channels },
    };
  }
}

/** Regions of the scored part of a map, in pixels of the whole. */
export function regionsOf(map: Float32Array, { data, scoring }: Config, threshold: number): DefectRegion[] {
  const side = data.imageSize;
  const { top, left, height, width } = centreBox(side, scoring.crop);
  const scored = map.map((value, i) => {
    const y = Math.floor(i / side) - top;
    const x = (i % side) - left;
    return y >= 0 && y < height && x >= 0 && x < width ? value : Number.NEGATIVE_INFINITY;
  });
  return defectRegions(scored, { shape: [side, side], threshold });
}
