import { engineNames } from '@ddad/nn';
import { z } from 'zod';

const positive = z.number().positive();
const count = z.number().int().positive();
const fraction = z.number().gt(0).lte(1);

export const datasetKinds = ['mvtec', 'visa', 'mtd', 'btad', 'mpdd', 'loco', 'mvtec2', 'folder'] as const;

export const backboneNames = [
  'resnet18',
  'resnet34',
  'resnet50',
  'resnet101',
  'wide_resnet50_2',
  'wide_resnet101_2',
] as const;

export const presetNames = ['small', 'ddad', 'ddad-s', 'reference'] as const;

/** The resolved configuration: every key present, none unknown. */
export const configSchema = z.strictObject({
  /** Where all values that are not given come from. */
  preset: z.enum(presetNames),
  /** Seed of initial weights, shuffling, timesteps and noise. */
  seed: z.number().int().nonnegative(),
  engine: z.enum(engineNames),
  /** Threads of the CPU engines; null lets the engine choose. */
  threads: count.nullable(),

  data: z.strictObject({
    kind: z.enum(datasetKinds),
    /** Folder of the data set. */
    root: z.string().min(1),
    /** Sub-data-set, e.g. `hazelnut`; null where the layout has none. */
    category: z.string().min(1).nullable(),
    /** Kind `folder`: the folder of test images; null takes `<root>/test` where it exists. */
    test: z.string().min(1).nullable(),
    /** Kind `folder`: the folder of masks; null takes `<root>/ground_truth` where it exists. */
    masks: z.string().min(1).nullable(),
    /** Name of the data set in output paths. */
    name: z.string().min(1),
    /** Side of the square the images are resized to, pixels. */
    imageSize: count,
    /** 3 (RGB) or 1 (gray). */
    channels: z.union([z.literal(1), z.literal(3)]),
    /** How an image that is not square becomes square. */
    fit: z.enum(['stretch', 'pad', 'crop']),
    /** `nearest` keeps masks binary; `bilinear` does as the reference does, edges become fractions. */
    maskResize: z.enum(['nearest', 'bilinear']),
    /** Leave out images that do not decode, and list them, instead of stopping. */
    skipBad: z.boolean(),
    /** Folder that keeps decoded images for the next run; null for none. */
    cacheDir: z.string().min(1).nullable(),
  }),

  model: z.strictObject({
    baseChannels: count,
    /** Channels of each level over baseChannels; null takes the default of the image size. */
    channelMultipliers: z.array(positive).min(1).nullable(),
    resBlocks: count,
    attentionResolutions: z.array(count),
    heads: count,
    dropout: z.number().min(0).lt(1),
    /** Diffusion steps T of the training schedule. */
    steps: count,
    betaStart: positive,
    betaEnd: positive,
    /** Conditioning weight of the reconstruction at test time. */
    w: z.number().nonnegative(),
    /** Weight of the pixel distance against the feature distance. */
    v: z.number().nonnegative(),
    /**
     * `full` as in the paper, by start and skip; `few-step` and `one-step` visit three time steps and one (bench/few-step
     * measures their cost in AUROC).
     */
    reconstruction: z.enum(['full', 'few-step', 'one-step']),
    /** Noise level, in steps, the reconstruction starts from. */
    start: count,
    /** Steps skipped between two denoising steps. */
    skip: count,
    /** Stochasticity of the denoising: 0 is DDIM, 1 is DDPM. */
    eta: z.number().min(0).max(1),
  }),

  training: z.strictObject({
    /** Passes over the images; null when `steps` is given. */
    epochs: count.nullable(),
    /** Optimiser steps; null when `epochs` is given. */
    steps: count.nullable(),
    batchSize: count,
    /** Random changes of the training images, see `augment` of @ddad/datasets: only what can occur on good parts. */
    augment: z.strictObject({
      flipHorizontal: z.boolean(),
      flipVertical: z.boolean(),
      /** Degrees either way. */
      rotation: z.number().min(0).max(180),
      /** Factors between 1 - x and 1 + x. */
      brightness: z.number().min(0).max(1),
      contrast: z.number().min(0).max(1),
      saturation: z.number().min(0).max(1),
    }),
    learningRate: positive,
    /** `cosine` falls to zero over the training. */
    learningRateSchedule: z.enum(['constant', 'cosine']),
    /** Time steps are drawn below this; null draws from all, as the paper does. `model.start` is enough. */
    maxTimestep: count.nullable(),
    /** Steps over which the learning rate rises from zero; they are part of the training's length. */
    warmupSteps: z.number().int().nonnegative(),
    /** L2, added to the gradient. */
    weightDecay: z.number().nonnegative(),
    /** Gradients are scaled down to at most this common L2 norm; null leaves them. */
    clipNorm: positive.nullable(),
    /** Decay of the exponential moving average of the weights, which is what is saved and used; null for none. */
    ema: z.number().min(0).lt(1).nullable(),
    /** Gradient accumulation: images that pass the network at once, fewer than batchSize where memory is small. */
    microBatchSize: count.nullable(),
    /** Epochs between validations (reconstruction error on held-back good images); null for none. */
    validateEvery: count.nullable(),
    /** Early stopping: ends after so many validations without a lower error, with the best weights; null never. */
    patience: count.nullable(),
    /** A checkpoint every so many epochs, and one at the end; null keeps the last alone. */
    saveEvery: count.nullable(),
  }),

  features: z.strictObject({
    /** A torchvision ResNet, or `custom`: the one that the option `backbone` of the function called gives. */
    backbone: z.enum([...backboneNames, 'custom']),
    /** `random`, `imagenet` (torchvision's file, downloaded once), or the path of a file. */
    weights: z.string().min(1),
  }),

  adaptation: z.strictObject({
    /** 0 leaves the pretrained extractor as it is. */
    epochs: z.number().int().nonnegative(),
    batchSize: count.min(2),
    /** Conditioning weight of the reconstructions it learns from. */
    w: z.number().nonnegative(),
    /** Weight of the distance to the frozen extractor (the paper's lambda_DL). */
    lambda: z.number().nonnegative(),
    learningRate: positive,
    weightDecay: z.number().nonnegative(),
  }),

  checkpoint: z.strictObject({
    /** Epoch of the UNet that is adapted to, evaluated and run: `last` or a number. */
    unet: z.union([z.literal('last'), z.number().int().nonnegative()]),
    /** Epoch of the adapted extractor. */
    features: z.union([z.literal('last'), z.number().int().nonnegative()]),
  }),

  scoring: z.strictObject({
    /** `calibrated`: every image scores alone; `batch`: by the maxima of its batch, as the reference does. */
    normalization: z.enum(['calibrated', 'batch']),
    /** Standard deviation of the Gaussian blur of the map, pixels. */
    sigma: z.number().nonnegative(),
    /** Centre part of the side that is scored, a fraction; null scores all. */
    crop: fraction.nullable(),
    /** `calibrated` needs no labels; `youden` takes it from the test set's labels; or a number. */
    threshold: z.union([z.enum(['calibrated', 'youden']), z.number()]),
    /** Share of good images that may be called anomalous. */
    falseAlarmRate: z.number().gt(0).lt(1),
    /** Share of good training images held back for calibration (at least 8; none of fewer than 40). */
    holdBack: z.number().min(0).lt(1),
    /** Also report the PRO of the reference. */
    referencePro: z.boolean(),
    /** Images per batch at test time: of a GPU, and of `normalization: batch`. Calibrated scores do not depend on it. */
    batchSize: count,
  }),

  output: z.strictObject({
    /** Folder of the checkpoints; `{dataset}` and `{category}` are filled in. */
    checkpoints: z.string().min(1),
    /** Folder of the report; `{dataset}` and `{category}` are filled in. */
    results: z.string().min(1),
    /** Write report.html and maps/, not only the numbers. */
    report: z.boolean(),
  }),
});

/** A resolved configuration, as `loadConfig` returns it. */
export type Config = z.infer<typeof configSchema>;

type DeepPartial<T> = T extends (infer _)[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> }
    : T;

/** What a user writes: any part of a {@link Config}; the preset gives the rest. */
export type ConfigInput = DeepPartial<Config>;
