import type { Dataset } from '@ddad/datasets';
import {
  type BackboneOptions,
  createScorer,
  type DetectorFiles,
  type Networks,
  type Scorer,
  startEngineFor,
  type TaskOptions,
} from '@ddad/detector';
import type { FolderLock } from '@ddad/files';
import type { NamedEngine } from '@ddad/nn';
import type { Config } from '../config/schema.js';
import { openData } from '../data/open-data.js';
import { type TrainingImages, trainingImages } from '../data/training-images.js';
import { removeAbandoned } from '../io/remove-abandoned.js';
import { checkWritable, missingFolders, removeEmpty } from '../io/write-atomic.js';
import { checkpointFolder } from './folders.js';
import { loadChosenNetworks } from './load-networks.js';
import { lockFolder } from './lock-folder.js';
import { type PretrainedBackbone, pretrainedBackbone } from './pretrained-backbone.js';
import { resolveFeatures } from './resolve-features.js';

/** Networks at work: what scores with them, and the files they came from. */
export interface Workbench {
  networks: Networks;
  files: DetectorFiles;
  scorer: Scorer;
}

/**
 * What the steps of one run share. Each thing is made when the first step asks for it, and once: an image is decoded
 * once, a weights file read once, an extractor built once.
 */
export class Workspace {
  readonly folder: string;
  /** When the work began, of `performance.now()`. */
  readonly began = performance.now();
  #dataset?: Promise<Dataset>;
  #images?: Promise<TrainingImages>;
  #pretrained?: PretrainedBackbone;
  #workbench?: Workbench;
  #lock?: FolderLock;
  /** Folders that were not there before. */
  #made: string[] = [];

  constructor(
    readonly config: Config,
    readonly options: TaskOptions & BackboneOptions = {},
    /** What the user is told where the extractor's weights are read. */
    readonly notice?: string,
  ) {
    this.folder = checkpointFolder(config);
  }

  dataset(): Promise<Dataset> {
    this.#dataset ??= openData(this.config, this.options);
    return this.#dataset;
  }

  /** The good training images, decoded. */
  images(): Promise<TrainingImages> {
    this.#images ??= this.dataset().then((dataset) => trainingImages(dataset, this.config, this.options));
    return this.#images;
  }

  /** Makes the configuration's engine tfjs's backend. */
  engine(): Promise<NamedEngine> {
    return startEngineFor(this.config, this.options);
  }

  /**
   * Takes the checkpoint folder for this process until the workspace is closed, makes sure that it can be written, and
   * clears it of what killed processes left.
   *
   * @throws {UserError} another process works in it
   */
  async claim(): Promise<void> {
    if (this.#lock) return;
    await checkWritable(this.folder);
    this.#made = missingFolders(this.folder);
    this.#lock = await lockFolder(this.folder);
    await removeAbandoned(this.folder);
  }

  /** Throws where the folder was taken over meanwhile: before anything is written that another process may own. */
  checkClaim(): void {
    this.#lock?.lost.throwIfAborted();
  }

  /** Builds the pretrained extractor ahead, to find out early that it cannot be had. */
  async prepareBackbone(): Promise<void> {
    await this.pretrained();
  }

  /** The pretrained extractor and where its weights came from; it stays the workspace's. */
  async pretrained(): Promise<PretrainedBackbone> {
    if (!this.#pretrained) {
      this.#pretrained = await pretrainedBackbone(this.config, this.options);
      if (this.notice) this.options.onNotice?.(this.notice);
    }
    return this.#pretrained;
  }

  /** The same; the extractor is the caller's from now on. */
  async takePretrained(): Promise<PretrainedBackbone> {
    const pretrained = await this.pretrained();
    this.#pretrained = undefined;
    return pretrained;
  }

  /** Hands over networks, for the next step and to be disposed with the workspace. */
  keep(workbench: Workbench): void {
    this.#release();
    this.#workbench = workbench;
  }

  /** The networks that the configuration's `checkpoint` names: those kept, where they are the ones, else from the folder. */
  async workbench(engine: NamedEngine): Promise<Workbench> {
    const kept = this.#workbench;
    const { unet, features } = this.config.checkpoint;
    const isOne = (chosen: number | 'last', epoch: number) => chosen === 'last' || chosen === epoch;
    const keptUnet = kept?.files.unet;
    if (kept && (!keptUnet || isOne(unet, keptUnet.epoch)) && isOne(features, kept.files.features.epoch)) {
      return kept;
    }
    const { networks, files } = await loadChosenNetworks(this.folder, this.config, {
      ...this.options,
      images: () => this.images(),
    });
    this.keep({ networks, files, scorer: createScorer(this.config, { networks, engine }) });
    return this.#workbench!;
  }

  /** Releases the networks and the folder. */
  async close(): Promise<void> {
    this.#pretrained?.backbone.dispose?.();
    this.#pretrained = undefined;
    this.#release();
    await this.#lock?.release();
    this.#lock = undefined;
    // a run that failed before it wrote anything leaves no folder
    await removeEmpty(this.#made);
    this.#made = [];
  }

  #release(): void {
    this.#workbench?.scorer.dispose();
    this.#workbench?.networks.dispose();
    this.#workbench = undefined;
  }
}

/**
 * Runs `use` with a workspace, which is closed at its end.
 *
 * @param options.resume goes on with what is in the checkpoint folder: `features.weights: auto` is what it was there
 */
export async function withWorkspace<T>(
  config: Config,
  { resume = false, ...options }: TaskOptions & BackboneOptions & { resume?: boolean },
  use: (workspace: Workspace) => Promise<T>,
): Promise<T> {
  const { config: resolved, notice } = await resolveFeatures(config, { keep: resume });
  const workspace = new Workspace(resolved, options, notice);
  try {
    return await use(workspace);
  } finally {
    await workspace.close();
  }
}
