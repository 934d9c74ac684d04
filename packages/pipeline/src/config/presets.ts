import { categorySettings, recommended } from '../published/category-settings.js';
import type { Release } from '../published/releases.js';
import type { Config, ConfigInput } from './schema.js';

/** What a preset fills in: everything but the place of the data. */
export type PresetDefaults = Omit<Config, 'data'> & { data: Omit<Config['data'], 'root'> };

/** Finishes within an hour on a CPU with two cores. */
function small(): PresetDefaults {
  return {
    preset: 'small',
    seed: 42,
    engine: 'auto',
    threads: null,
    precision: 'float32',
    data: {
      kind: 'mvtec',
      category: null,
      test: null,
      masks: null,
      name: '',
      imageSize: 64,
      channels: 3,
      fit: 'stretch',
      tiles: null,
      roi: null,
      window: null,
      maskResize: 'nearest',
      skipBad: false,
      cacheDir: null,
    },
    model: {
      imageSize: null,
      patch: 1,
      gaussianComponents: 0,
      baseChannels: 32,
      channelMultipliers: [1, 2, 2, 2],
      resBlocks: 1,
      attentionResolutions: [16, 8],
      heads: 2,
      dropout: 0,
      steps: 1000,
      betaStart: 1e-4,
      betaEnd: 0.02,
      w: 4,
      // a feature of layer3 covers 16 x 16 pixels: at 64 the pixel term has to place the defect
      v: 4,
      reconstruction: 'full',
      levels: [50, 100, 200],
      start: 250,
      skip: 25,
      eta: 1,
    },
    training: {
      epochs: null,
      steps: 600,
      budget: null,
      batchSize: 8,
      augment: {
        flipHorizontal: false,
        flipVertical: false,
        rotation: 0,
        brightness: 0,
        contrast: 0,
        saturation: 0,
      },
      learningRate: 1e-3,
      learningRateSchedule: 'cosine',
      maxTimestep: 250,
      minTimestep: 0,
      warmupSteps: 0,
      weightDecay: 0,
      clipNorm: null,
      ema: null,
      microBatchSize: null,
      stepsPerRun: null,
      validateEvery: 10,
      patience: null,
      saveEvery: null,
    },
    features: { backbone: 'resnet18', weights: 'auto', layers: null },
    memory: { vectors: 0, candidates: 50_000, components: 128, position: 0 },
    adaptation: { epochs: 2, batchSize: 16, w: 3, lambda: 0.1, learningRate: 1e-4, weightDecay: 0.01 },
    checkpoint: { unet: 'last', features: 'last' },
    scoring: {
      normalization: 'calibrated',
      weights: { pixel: null, feature: null, memory: null },
      // the paper's 4 pixels of 256
      sigma: 1,
      crop: null,
      threshold: 'calibrated',
      falseAlarmRate: 0.01,
      confidence: null,
      holdBack: 0.1,
      referencePro: false,
      batchSize: 8,
    },
    output: {
      checkpoints: 'checkpoints/{dataset}/{category}',
      results: 'results/{dataset}/{category}',
      report: true,
    },
  };
}

/** A memory of good features beside DDAD at a size that learns quickly: right within minutes on two cores. */
function auto(imageSize = 256): PresetDefaults {
  const base = small();
  return {
    ...base,
    preset: 'auto',
    data: { ...base.data, imageSize },
    model: { ...base.model, ...quickDenoiser(imageSize) },
    training: { ...base.training, steps: 1200, budget: 600, minTimestep: 20, ema: 0.99 },
    memory: { ...base.memory, vectors: 5000 },
    adaptation: { ...base.adaptation, epochs: 0 },
    scoring: { ...base.scoring, normalization: 'robust', sigma: Math.max(1, imageSize / 64) },
  };
}

/**
 * A denoiser that is useful after minutes (docs/decisions/0013): at most 128 pixels in patches, on top of the normal
 * distribution of good images, which predicts the clean image at once.
 */
function quickDenoiser(imageSize: number): Partial<Config['model']> {
  const side = reconstructedPart(imageSize);
  const patch = [4, 2, 1].find((patch) => side % (4 * patch) === 0 && side / patch >= 32) ?? 1;
  return {
    imageSize: side === imageSize ? null : side,
    patch,
    gaussianComponents: 24,
    channelMultipliers: [1, 2, 2],
    reconstruction: 'mean',
    levels: [100],
  };
}

/** The largest whole part of a side, at most 128, that three levels can halve; the side itself where there is none. */
function reconstructedPart(imageSize: number): number {
  for (let part = 1; imageSize / part >= 32; part++) {
    const side = imageSize / part;
    if (side <= 128 && side % 8 === 0) return side;
  }
  return imageSize;
}

/** The paper's model at the paper's size, each image scored alone. */
function ddad(kind: string, category: string, release: Release): PresetDefaults {
  const base = small();
  const settings = categorySettings(kind, category, release) ?? recommended;
  const visa = kind === 'visa';
  return {
    ...base,
    preset: 'ddad',
    data: { ...base.data, imageSize: 256 },
    model: {
      ...base.model,
      baseChannels: 64,
      channelMultipliers: null,
      resBlocks: 2,
      attentionResolutions: [32, 16, 8],
      heads: 4,
      w: settings.w,
      v: !visa ? 1 : category === 'cashew' ? 1.5 : 7,
    },
    training: {
      ...base.training,
      epochs: settings.epochs,
      steps: null,
      batchSize: 32,
      learningRate: 3e-4,
      learningRateSchedule: 'constant',
      maxTimestep: null,
      weightDecay: 0.05,
      validateEvery: 50,
      saveEvery: 250,
    },
    features: { ...base.features, backbone: 'wide_resnet101_2', weights: 'imagenet' },
    scoring: { ...base.scoring, sigma: 4 },
    adaptation: {
      ...base.adaptation,
      epochs: settings.adaptationEpochs,
      batchSize: visa && category !== 'macaroni2' && category !== 'pcb1' ? 32 : 16,
      lambda: visa ? 0.01 : 0.1,
    },
  };
}

/** The paper's compressed model. */
function ddadS(kind: string, category: string, release: Release): PresetDefaults {
  const base = ddad(kind, category, release);
  return {
    ...base,
    preset: 'ddad-s',
    model: { ...base.model, baseChannels: 32, heads: 2, dropout: 0.3 },
    training: { ...base.training, batchSize: 16 },
  };
}

/** DDAD scored and reported as the reference does it. */
function reference(kind: string, category: string, release: Release): PresetDefaults {
  const base = ddad(kind, category, release);
  return {
    ...base,
    preset: 'reference',
    data: { ...base.data, maskResize: 'bilinear' },
    training: { ...base.training, validateEvery: null },
    scoring: {
      ...base.scoring,
      normalization: 'batch',
      crop: 0.875,
      threshold: 'youden',
      holdBack: 0,
      referencePro: true,
      batchSize: 16,
    },
  };
}

/**
 * The values `preset` gives to what `input` leaves open.
 *
 * @param release whose settings per category the paper's presets take
 */
export function presetDefaults(
  preset: Config['preset'],
  input: ConfigInput,
  release: Release = 'latest',
): PresetDefaults {
  const kind = input.data?.kind ?? 'mvtec';
  const category = input.data?.category ?? '';
  if (preset === 'auto') return auto(input.data?.imageSize);
  return { small, ddad, 'ddad-s': ddadS, reference }[preset](kind, category, release);
}
