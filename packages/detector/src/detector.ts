import type { Pixels } from '@ddad/images';
import type { NamedEngine } from '@ddad/nn';
import type { DriftTest } from '@ddad/scoring';
import { checkOptions, loadKeys } from './check-options.js';
import { chunks } from './chunks.js';
import type { Config } from './config.js';
import { driftTestOf } from './drift.js';
import { startEngineFor } from './engine.js';
import { UserError } from './errors.js';
import type { Manifest } from './manifest.js';
import { manifestIn } from './manifest-in.js';
import type { BackboneOptions } from './networks/backbone.js';
import { loadNetworks } from './networks/load-networks.js';
import type { Networks } from './networks/networks.js';
import { type DetectorPlace, openSource } from './open-source.js';
import { type ImageInput, inMap, type PreparedImage, prepareImage } from './prepare-image.js';
import { type MaskSource, maskSource } from './region/mask-source.js';
import { normalizationOf } from './scoring/combine.js';
import type { Distances } from './scoring/distances.js';
import { isForeign } from './scoring/foreign.js';
import { type Region, regionsOf } from './scoring/regions.js';
import { scorePicture } from './scoring/score-picture.js';
import { createScorer, type ScoredMap, type Scorer } from './scoring/scorer.js';
import type { TaskOptions } from './task-options.js';

export interface LoadDetectorOptions extends Pick<TaskOptions, 'onNotice'>, BackboneOptions {
  /** Engine to run on, by the names of `listEngines`. @default 'auto' */
  engine?: string;
  /** Threads of a CPU engine. @default the engine's choice */
  threads?: number;
  /** Scores at or above it are anomalous. @default the one of `detector.json` */
  threshold?: number;
}

/** What a detector finds in an image. */
export interface Detection {
  /** The higher, the more anomalous. */
  score: number;
  threshold: number;
  /** score >= threshold */
  isAnomalous: boolean;
  /**
   * The image as a whole is unlike all good ones: another part, a frame that stayed black, another camera. Undefined where the
   * detector cannot tell: it has no memory of good images, or was calibrated before there was this limit.
   */
  isForeign: boolean | undefined;
  /** Columns of `map`. */
  width: number;
  /** Rows of `map`. */
  height: number;
  /** Anomaly map, `width * height` values row by row; 0 outside of the region of interest. */
  map: Float32Array;
  /** Where the defects are: connected parts of the map, see `defectRegions` of @ddad/scoring, highest peak first. */
  regions: Region[];
  /** 1 for each pixel of the map that belongs to a region, 0 elsewhere. */
  inRegion: Uint8Array;
  /** The image without its anomaly, as large as the map; undefined while the detector works by its memory alone. */
  reconstruction: Pixels | undefined;
}

/** A trained detector: scores images one by one, each independent of all others. In Node and in browsers. */
export class Detector {
  readonly config: Config;
  readonly manifest: Manifest;
  readonly #networks: Networks;
  readonly #scorer: Scorer;
  readonly #maskOf: MaskSource;
  #isDisposed = false;
  readonly #threshold?: number;

  private constructor(
    manifest: Manifest,
    networks: Networks,
    { engine, threshold }: { engine: NamedEngine; threshold?: number },
  ) {
    this.config = manifest.config;
    this.manifest = manifest;
    this.#threshold = threshold ?? manifest.threshold?.value;
    this.#networks = networks;
    this.#scorer = createScorer(manifest.config, { networks, engine });
    this.#maskOf = maskSource(manifest);
  }

  /**
   * Loads a detector: `detector.json` and the weights it names.
   *
   * @param place the folder that `adapt` or `run` left; a bundle of it (`.ddad`), as a path, its bytes or a Blob; an address
   *   (`http:`, `file:`) of a bundle, or that has the files below; or anything that gives the bytes of a file by its name.
   *   In a browser a string is an address
   * @throws {UserError} missing, damaged or altered files, an engine that is not installed
   */
  static async load(place: DetectorPlace, options: LoadDetectorOptions = {}): Promise<Detector> {
    checkOptions('Detector.load', options, loadKeys);
    const { engine = 'auto', threads, threshold, backbone: make, onNotice } = options;
    if (threshold !== undefined && !Number.isFinite(threshold)) {
      throw new UserError(`option threshold: needs a number, got ${String(threshold)}`, { code: 'option' });
    }
    const source = await openSource('Detector.load', place);
    const manifest = await manifestIn(source);
    const started = await startEngineFor(
      { engine, threads: threads ?? null, precision: manifest.config.precision },
      { onNotice },
    );
    const networks = await loadNetworks(source, manifest, { backbone: make });
    return new Detector(manifest, networks, { engine: started, threshold });
  }

  /**
   * A test whether scores of images that it calls good are still like those it was calibrated with, for `add(detection.score)`
   * of image after image; undefined where there is no calibration or threshold.
   */
  driftTest(): DriftTest | undefined {
    const { calibration, threshold } = this.manifest;
    const value = this.#threshold;
    if (value === undefined) return undefined;
    const from = value === threshold?.value ? threshold.from : 'given';
    return driftTestOf({ calibration, threshold: { value, from } });
  }

  /** Scores at or above it are anomalous; undefined until calibration, evaluation or an option has set it. */
  get threshold(): number | undefined {
    return this.#threshold;
  }

  /** Images that go through the networks at once: 1 on a CPU, where a batch gains nothing. */
  get batchSize(): number {
    return this.#scorer.batchSize;
  }

  /**
   * Looks at one image.
   *
   * @param image path or address, bytes of an image file, or decoded pixels; only a path or an address opens anything
   * @throws {UserError} the image cannot be read, or lies outside of the region of interest; the detector has no threshold
   * @throws {InterruptedError} within a denoising step after `signal` was fired
   */
  async detect(image: ImageInput, options: Pick<TaskOptions, 'signal'> = {}): Promise<Detection> {
    checkOptions('Detector.detect', options, { signal: true });
    const { value } = await this.detectAll([image], options).next();
    return value!;
  }

  /**
   * Looks at many images, one after the other as they are taken; each gets what it would get alone. On a GPU,
   * `scoring.batchSize` of them are read ahead and go through the networks at once.
   *
   * @returns the detections in the order of the images; it throws as {@link detect} does
   */
  detectAll(
    images: Iterable<ImageInput> | AsyncIterable<ImageInput>,
    options: Pick<TaskOptions, 'signal'> = {},
  ): AsyncGenerator<Detection, undefined> {
    checkOptions('Detector.detectAll', options, { signal: true });
    const prepare = (image: ImageInput) => this.prepare(image);
    async function* prepared() {
      for await (const image of images) yield prepare(image);
    }
    return this.detectPrepared(prepared(), options);
  }

  /** An image as the networks see it. */
  prepare(image: ImageInput): Promise<PreparedImage> {
    return prepareImage(image, this.config);
  }

  /** {@link detectAll} for images that {@link prepare} has resized. */
  async *detectPrepared(
    images: Iterable<PreparedImage> | AsyncIterable<PreparedImage>,
    { signal }: Pick<TaskOptions, 'signal'> = {},
  ): AsyncGenerator<Detection, undefined> {
    if (this.#isDisposed) {
      throw new UserError('this detector was disposed', { code: 'option', remedy: 'load it again' });
    }
    const threshold = this.threshold;
    if (threshold === undefined) {
      throw new UserError('the detector has no threshold yet', {
        code: 'detector',
        remedy: 'set one with `calibrateDetector` and a folder of good images',
      });
    }
    if (this.config.data.tiles !== null) {
      yield* this.#detectInTiles(images, { threshold, signal });
      return undefined;
    }
    let size = 0;
    for await (const batch of chunks(images, this.#scorer.batchSize)) {
      size = Math.max(size, batch.length);
      const distances = await this.#scorer.distances(
        batch.map(({ parts: [whole] }) => whole.bytes),
        {
          ...{ phase: 'detect', signal, size, change: this.manifest.calibration?.change ?? 0 },
          masks: batch.map(({ pixels }) => this.#maskOf(pixels)),
        },
      );
      const maps = await this.#maps(distances);
      for (const [i, { map, score }] of maps.entries()) {
        const { reconstruction, mask } = distances[i];
        const foreign = isForeign(distances[i], this.manifest.calibration);
        yield this.#detection(
          { map, score, reconstruction },
          { image: batch[i], mask, isForeign: foreign, threshold },
        );
      }
    }
    return undefined;
  }

  async *#detectInTiles(
    images: Iterable<PreparedImage> | AsyncIterable<PreparedImage>,
    { threshold, signal }: { threshold: number; signal?: AbortSignal },
  ): AsyncGenerator<Detection, undefined> {
    const { config, calibration } = this.manifest;
    for await (const image of images) {
      const mask = this.#maskOf(image.pixels);
      const scored = await scorePicture(this.#scorer, image, {
        ...{ config, phase: 'detect', signal, mask, change: calibration?.change ?? 0 },
        normalization: normalizationOf(config, calibration),
      });
      const foreign = isForeign(scored.typical, calibration);
      yield this.#detection(scored, { image, mask, isForeign: foreign, threshold });
    }
    return undefined;
  }

  /** Releases the networks. */
  dispose(): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#scorer.dispose();
    this.#networks.dispose();
  }

  async #maps(distances: Distances[]): Promise<ScoredMap[]> {
    const { calibration, config } = this.manifest;
    const normalization = normalizationOf(config, calibration);
    if (normalization !== 'batch') return this.#scorer.maps(distances, normalization);
    // Each image is a batch of its own: what else comes along must not change its score.
    const maps: ScoredMap[] = [];
    for (const each of distances) maps.push(...(await this.#scorer.maps([each], 'batch')));
    return maps;
  }

  #detection(
    { map, score, reconstruction }: ScoredMap & { reconstruction?: Uint8Array },
    {
      image,
      mask,
      isForeign,
      threshold,
    }: {
      image: PreparedImage;
      mask: Uint8Array | undefined;
      isForeign: boolean | undefined;
      threshold: number;
    },
  ): Detection {
    const { channels } = this.config.data;
    const { width, height, placement } = image;
    const isAnomalous = score >= threshold;
    return {
      score,
      threshold,
      isAnomalous,
      isForeign,
      ...{ width, height },
      map,
      ...regionsOf(map, this.config, {
        ...{ width, threshold, placement, mask },
        image: isAnomalous ? inMap(image, channels) : undefined,
      }),
      reconstruction: reconstruction && { data: reconstruction, width, height, channels },
    };
  }
}
