import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadImages, makeSynthetic, openDataset } from '@ddad/datasets';
import { trainUNet } from '@ddad/diffusion';
import type { Backbone } from '@ddad/features';
import { adam } from '@ddad/nn';
import { type FeatureMemory, featureMemory, loadMemory, memoryToState } from '@ddad/scoring';
import { type StateDict, writeSafetensors } from '@ddad/weights';
import {
  buildSchedule,
  buildUNet,
  type Config,
  calibrateWith,
  configSchema,
  createScorer,
  emptyBackbone,
  featuresArchitecture,
  featuresOfImages,
  networksOf,
  newManifest,
  startEngineFor,
  toTensor,
  unetArchitecture,
} from '../src/index.js';
import { sha256 } from '../src/networks/parse-weights.js';

/** A detector of a synthetic category, with images to look at. */
export interface MadeDetector {
  /** Holds `detector.json` and the weights. */
  folder: string;
  config: Config;
  /** Test images, good and anomalous. */
  images: string[];
  /** Good images that it was made and calibrated with. */
  training: string[];
}

const size = 32;

/**
 * Makes, calibrates and writes a detector.
 *
 * @param options.steps of training; without any the UNet sees no noise, and reconstructions are what the noise left
 * @param options.vectors of a memory; 0 for none
 */
export async function makeDetector({
  steps = 0,
  vectors = 0,
}: {
  steps?: number;
  vectors?: number;
} = {}): Promise<MadeDetector> {
  const out = await mkdtemp(join(tmpdir(), 'ddad-detector-'));
  const counts = { train: 12, testGood: 4, testDefect: 6 };
  const { root, category } = await makeSynthetic({ out, category: 'weave', seed: 3, size: 64, counts });
  const dataset = await openDataset({ kind: 'mvtec', root, category });
  const config = tinyConfig({ root });
  if (vectors > 0) {
    config.memory = { ...config.memory, vectors, candidates: 10 * vectors };
    config.scoring = { ...config.scoring, normalization: 'robust' };
  }
  const store = await loadImages(dataset.train, { size: [size, size] });
  const good = store.samples.map((_, i) => store.get(i));

  const engine = await startEngineFor({ engine: 'ort', threads: 1 });
  const unet = await buildUNet(config);
  const backbone = await emptyBackbone(config);
  if (steps > 0) {
    await trainUNet({
      unet,
      batches: async function* () {
        yield toTensor(good, size, 3);
      },
      schedule: buildSchedule(config),
      steps,
      optimizer: adam({ learningRate: 1e-3 }),
      seed: 7,
    });
  }
  const remembered = vectors > 0 ? await rememberedFeatures(good, { config, backbone }) : undefined;
  const networks = networksOf({ unet, backbone, memory: remembered && loadMemory(remembered) });
  const scorer = createScorer(config, { networks, engine });
  const calibration = await calibrateWith(scorer, good, { config, sharedWithTraining: true });

  const folder = join(out, 'detector');
  await mkdir(folder);
  const write = async (file: string, stateDict: StateDict, architecture: object) => {
    const bytes = writeSafetensors(stateDict, { architecture: JSON.stringify(architecture) });
    await writeFile(join(folder, file), bytes);
    return { file, sha256: await sha256(bytes), epoch: 1 };
  };
  const manifest = newManifest(config, {
    unet: await write('unet-1.safetensors', await unet.stateDict(), unetArchitecture(config)),
    features: await write('features-1.safetensors', await backbone.stateDict(), featuresArchitecture(config)),
    memory: remembered
      ? await write('memory.safetensors', memoryToState(remembered), {}).then(({ epoch: _, ...file }) => file)
      : null,
  });
  manifest.calibration = calibration;
  manifest.threshold = { value: calibration.threshold, from: 'calibrated' };
  await writeFile(join(folder, 'detector.json'), JSON.stringify(manifest));
  scorer.dispose();
  networks.dispose();
  return {
    ...{ folder, config, images: dataset.test.map(({ imagePath }) => imagePath) },
    training: dataset.train.map(({ imagePath }) => imagePath),
  };
}

async function rememberedFeatures(
  images: readonly Uint8Array[],
  { config, backbone }: { config: Config; backbone: Backbone },
): Promise<FeatureMemory> {
  const { layers, features } = featuresOfImages(images, { config, backbone });
  const { vectors, candidates } = config.memory;
  const own = layers.map((_, i) => i);
  const memory = await featureMemory({ features, layers: own, coreset: { vectors, candidates }, seed: 1 });
  return { ...memory, layers };
}

/** A small configuration with every key, parsed as that of a manifest is. */
export function tinyConfig(data: Partial<Config['data']> = {}): Config {
  return configSchema.parse({
    preset: 'small',
    seed: 5,
    engine: 'auto',
    threads: null,
    precision: 'float32',
    data: {
      kind: 'mvtec',
      root: 'data',
      category: 'weave',
      test: null,
      masks: null,
      name: 'made',
      imageSize: size,
      channels: 3,
      fit: 'stretch',
      tiles: null,
      roi: null,
      window: null,
      maskResize: 'nearest',
      skipBad: false,
      cacheDir: null,
      ...data,
    },
    model: {
      imageSize: null,
      patch: 1,
      gaussianComponents: 0,
      baseChannels: 32,
      channelMultipliers: [1, 1],
      resBlocks: 1,
      attentionResolutions: [16],
      heads: 2,
      dropout: 0,
      steps: 1000,
      betaStart: 1e-4,
      betaEnd: 0.02,
      w: 4,
      v: 4,
      reconstruction: 'full',
      levels: [100],
      start: 100,
      skip: 50,
      eta: 1,
    },
    training: {
      epochs: null,
      steps: 20,
      budget: null,
      batchSize: 12,
      augment: {
        flipHorizontal: false,
        flipVertical: false,
        rotation: 0,
        brightness: 0,
        contrast: 0,
        saturation: 0,
      },
      learningRate: 1e-3,
      learningRateSchedule: 'constant',
      maxTimestep: null,
      minTimestep: 0,
      warmupSteps: 0,
      weightDecay: 0,
      clipNorm: null,
      ema: null,
      microBatchSize: null,
      stepsPerRun: null,
      validateEvery: null,
      patience: null,
      saveEvery: null,
    },
    features: { backbone: 'resnet18', weights: 'random', layers: null },
    memory: { vectors: 0, candidates: 100, components: null, position: 0 },
    adaptation: { epochs: 0, batchSize: 2, w: 3, lambda: 0.1, learningRate: 1e-4, weightDecay: 0.01 },
    checkpoint: { unet: 'last', features: 'last' },
    scoring: {
      normalization: 'calibrated',
      weights: { pixel: null, feature: null, memory: null },
      sigma: 1,
      crop: null,
      threshold: 'calibrated',
      falseAlarmRate: 0.05,
      confidence: null,
      holdBack: 0.1,
      referencePro: false,
      batchSize: 4,
    },
    output: { checkpoints: 'checkpoints', results: 'results', report: true },
  } satisfies Config);
}
