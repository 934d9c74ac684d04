import { backboneNames } from '@ddad/features';
import { fits } from '@ddad/images';
import { engineNames, precisions } from '@ddad/nn';
import { z } from 'zod';
import { polygonSchema } from './region/region-of-interest.js';

const positive = z.number().positive();
const natural = z.number().int().nonnegative();
const count = z.number().int().positive();
const fraction = z.number().gt(0).lte(1);
const weight = z.number().nonnegative().nullable();
const name = z.string().min(1);
const epoch = z.union([z.literal('last'), natural]);

/** Path of a picture that is white where it applies, or polygons. */
const area = z.union([name, z.array(polygonSchema)]).default([]);

/** The settings that a preset fills in. */
export const presetNames = ['auto', 'small', 'ddad', 'ddad-s', 'reference'] as const;

/**
 * The resolved configuration of a detector: every key present, none unknown. The descriptions are what docs/config.md,
 * editors (by its JSON Schema) and `--help` show.
 */
export const configSchema = z.strictObject({
  preset: z
    .enum(presetNames)
    .describe(
      "Where values that are not given come from: `auto` is right within minutes on a CPU, `small` the paper's method alone at 64 pixels, `ddad` the paper's.",
    ),
  seed: natural.describe('Seed of initial weights, shuffling, time steps and noise.'),
  engine: z
    .enum(engineNames)
    .describe('What computes; `auto` takes the fastest that works (`ddad engines` lists them).'),
  threads: count.nullable().describe('Threads of the CPU engines; null lets the engine choose.'),
  // absent in manifests of before
  precision: z
    .enum(precisions)
    .default('float32')
    .describe(
      'Of the engine `ort-cuda`: `tf32` lets it round what it multiplies to 10 bits, in half the time of `float32`; all other engines compute in float32.',
    ),

  data: z
    .strictObject({
      kind: name.describe(
        'Layout of the data set; `auto` recognises it by the names of its folders, and a list of images by its extension.',
      ),
      root: name.describe(
        'Folder of the data set, an archive of it (`.zip`, `.tar`, `.tar.gz`), or a list of its images (`.csv`, `.tsv`, `.json`).',
      ),
      category: name
        .nullable()
        .describe('Sub-data-set, e.g. `hazelnut`; the kinds `folder`, `list` and `mtd` have none.'),
      test: name
        .nullable()
        .describe('Kind `folder`: the folder of test images; null takes `<root>/test` where it exists.'),
      masks: name
        .nullable()
        .describe('Kind `folder`: the folder of masks; null takes `<root>/ground_truth` where it exists.'),
      name: name.describe(
        'Name of the data set in output paths; else the kind, of the kinds `folder` and `list` the name of the folder, archive or list.',
      ),
      imageSize: count.describe('Side of the square the images are resized to, pixels.'),
      channels: z.union([z.literal(1), z.literal(3)]).describe('3 (RGB) or 1 (gray).'),
      fit: z
        .enum(fits)
        .describe(
          'How an image that is not square becomes square: `stretch` ignores its aspect ratio, `pad` adds black bars, `crop` cuts the middle.',
        ),
      // absent in manifests of before
      tiles: count
        .nullable()
        .default(null)
        .describe(
          'For large pictures with small defects: side of the square tiles, in pixels of the picture, that it is cut into, with an overlap; each is seen at `imageSize`, and their maps become one. null sees the picture as a whole.',
        ),
      roi: z
        .union([name, z.strictObject({ include: area, ignore: area })])
        .nullable()
        .default(null)
        .describe(
          'What of a picture is learnt and judged: a picture that is white there and black elsewhere, or `{ include, ignore }`, each such a picture or a list of polygons, corners `[x, y]` in fractions of the picture; null for all of it.',
        ),
      window: z
        .tuple([z.number(), z.number()])
        .nullable()
        .default(null)
        .describe(
          'For cameras of 10 to 16 bits, and files of floats: `[low, high]`, the values that become black and white, e.g. `[0, 4095]`; null takes the high byte of 16 bits.',
        ),
      maskResize: z
        .enum(['nearest', 'bilinear'])
        .describe(
          '`nearest` keeps masks binary; `bilinear` does as the reference does, edges become fractions.',
        ),
      skipBad: z
        .boolean()
        .describe('Leave out images that do not decode, and list them, instead of stopping.'),
      cacheDir: name.nullable().describe('Folder that keeps decoded images for the next run; null for none.'),
    })
    .describe('The images.'),

  model: z
    .strictObject({
      imageSize: count
        .nullable()
        .describe(
          'Side the UNet reconstructs at, a whole part of `data.imageSize`: what it changes there is added to the image at full size; null for `data.imageSize` itself.',
        ),
      patch: count.describe(
        'Side of the squares of pixels that the UNet takes as one position (space to depth): it costs what an image smaller by that factor does; 1 in the paper.',
      ),
      gaussianComponents: natural.describe(
        'Principal components of the normal distribution of good images that the UNet starts from, and learns what it leaves; 0 in the paper.',
      ),
      baseChannels: count.describe('Channels of the first level of the UNet.'),
      channelMultipliers: z
        .array(positive)
        .min(1)
        .nullable()
        .describe('Channels of each level over baseChannels; null takes the default of the image size.'),
      resBlocks: count.describe('Residual blocks of each level on the way down.'),
      attentionResolutions: z.array(count).describe('Sides of the feature maps that attention works on.'),
      heads: count.describe('Attention heads.'),
      dropout: z.number().min(0).lt(1).describe('Share of activations dropped while training.'),
      steps: count.describe('Diffusion steps T of the training schedule.'),
      betaStart: positive.describe('Variance of the noise of the first diffusion step.'),
      betaEnd: positive.describe('Variance of the noise of the last diffusion step; it grows linearly.'),
      w: z.number().nonnegative().describe('Conditioning weight of the reconstruction at test time.'),
      v: z
        .number()
        .nonnegative()
        .describe(
          'Weight of the pixel distance against the feature distance, under `scoring.normalization` calibrated and batch.',
        ),
      reconstruction: z
        .enum(['full', 'few-step', 'one-step', 'mean'])
        .describe(
          '`full` as in the paper, by start and skip; `few-step` and `one-step` visit three time steps and one (bench/few-step measures their cost in AUROC); `mean` predicts the image at once from `model.levels` and takes the mean.',
        ),
      levels: z
        .array(count)
        .min(1)
        .describe('Noise levels, in steps, of `reconstruction: mean`; the others take no notice of it.'),
      start: count.describe('Noise level, in steps, the reconstruction starts from.'),
      skip: count.describe('Steps skipped between two denoising steps.'),
      eta: z.number().min(0).max(1).describe('Stochasticity of the denoising: 0 is DDIM, 1 is DDPM.'),
    })
    .describe('The diffusion model and its reconstruction.'),

  training: z
    .strictObject({
      epochs: count.nullable().describe('Passes over the images; null when `steps` or `budget` is given.'),
      steps: count
        .nullable()
        .describe(
          'Optimiser steps, at most so many where `budget` is given too; null when `epochs` or `budget` alone is given.',
        ),
      budget: positive
        .nullable()
        .describe(
          'The most seconds from the start of `run` until the detector is ready: the number of steps is chosen by what a few of them take, up to a fifth of the time kept for the calibration, and stays the same on resuming; null when `epochs` or `steps` alone is given.',
        ),
      batchSize: count.describe('Images of an optimiser step.'),
      augment: z
        .strictObject({
          flipHorizontal: z.boolean().describe('Mirror left and right, every other image.'),
          flipVertical: z.boolean().describe('Mirror top and bottom, every other image.'),
          rotation: z.number().min(0).max(180).describe('Degrees either way.'),
          brightness: z.number().min(0).max(1).describe('Factors between 1 - x and 1 + x.'),
          contrast: z.number().min(0).max(1).describe('Factors between 1 - x and 1 + x.'),
          saturation: z.number().min(0).max(1).describe('Factors between 1 - x and 1 + x.'),
        })
        .describe('Random changes of the training images: only what can occur on good parts.'),
      learningRate: positive.describe('Of Adam.'),
      learningRateSchedule: z
        .enum(['constant', 'cosine'])
        .describe('`cosine` falls to zero over the training.'),
      maxTimestep: count
        .nullable()
        .describe(
          'Time steps are drawn below this; null draws from all, as the paper does. The preset `small` takes `model.start`, which is enough.',
        ),
      minTimestep: natural.describe(
        'Time steps are drawn from this on: of the lowest noise nothing is learnt about what is good; 0 in the paper.',
      ),
      warmupSteps: natural.describe(
        "Steps over which the learning rate rises from zero; they are part of the training's length.",
      ),
      weightDecay: z.number().nonnegative().describe('L2, added to the gradient.'),
      clipNorm: positive
        .nullable()
        .describe('Gradients are scaled down to at most this common L2 norm; null leaves them.'),
      ema: z
        .number()
        .min(0)
        .lt(1)
        .nullable()
        .describe(
          'Decay of the exponential moving average of the weights, which is what is saved and used; null for none.',
        ),
      microBatchSize: count
        .nullable()
        .describe(
          'Gradient accumulation: images that pass the network at once, fewer than batchSize where memory is small.',
        ),
      // absent in manifests of before
      stepsPerRun: count
        .nullable()
        .default(null)
        .describe(
          'Steps that the engine takes in one run, between which weights and moments stay on its device; the numbers are the same. null: on a GPU as many as take about four seconds, on a processor 1.',
        ),
      validateEvery: count
        .nullable()
        .describe(
          'Epochs between validations (reconstruction error on held-back good images); null for none.',
        ),
      patience: count
        .nullable()
        .describe(
          'Early stopping: ends after so many validations without a lower error, with the best weights; null never.',
        ),
      saveEvery: count
        .nullable()
        .describe('A checkpoint every so many epochs, and one at the end; null keeps the last alone.'),
    })
    .describe('The training of the UNet.'),

  features: z
    .strictObject({
      backbone: z
        .enum([...backboneNames, 'custom'])
        .describe(
          'A torchvision ResNet, EfficientNet-Lite0, the small network that comes along (`embedded`), or `custom`: the one that the option `backbone` of the function called gives.',
        ),
      weights: name.describe(
        "`auto` (ImageNet's where they are in this project's or PyTorch's cache, else the embedded network's; nothing is downloaded), `imagenet` (downloaded once), `embedded`, `random`, or a file, also a wheel; `file.pth#key` names a part of it.",
      ),
      layers: z
        .array(name)
        .min(1)
        .nullable()
        .describe(
          "Layers whose outputs are the features, finest first, e.g. `[layer2, layer3]`; null takes the extractor's own choice.",
        ),
    })
    .describe('The feature extractor.'),

  memory: z
    .strictObject({
      vectors: natural.describe(
        'Features of good images that are remembered at most, half a kB each with 128 components; 0 for no memory, as in the paper.',
      ),
      candidates: count.describe('Features they are chosen from at most, such that the rare is kept.'),
      components: count
        .nullable()
        .describe(
          'Principal components of them that are kept, beside the length of what those leave out: quicker to search, at most as many as the layers have channels; null for the channels as they are.',
        ),
      position: z
        .number()
        .nonnegative()
        .describe(
          'For parts that always lie alike: how much the place of a feature counts; 1 tells apart what is a whole side away as much as two typical features, 0 lets a feature be anywhere.',
        ),
    })
    .describe('The memory of features of good images (PatchCore), a term of the score beside those of DDAD.'),

  adaptation: z
    .strictObject({
      epochs: natural.describe('0 leaves the pretrained extractor as it is.'),
      batchSize: count.min(2).describe('Images of a step: half are inputs, half targets.'),
      w: z.number().nonnegative().describe('Conditioning weight of the reconstructions it learns from.'),
      lambda: z
        .number()
        .nonnegative()
        .describe("Weight of the distance to the frozen extractor (the paper's lambda_DL)."),
      learningRate: positive.describe('Of AdamW.'),
      weightDecay: z.number().nonnegative().describe('Of AdamW, decoupled.'),
    })
    .describe('The adaptation of the extractor to the reconstructions.'),

  checkpoint: z
    .strictObject({
      unet: epoch.describe('Epoch of the UNet that is adapted to, evaluated and run: `last` or a number.'),
      features: epoch.describe('Epoch of the adapted extractor: `last` or a number.'),
    })
    .describe('Which of the saved weights are used.'),

  scoring: z
    .strictObject({
      normalization: z
        .enum(['robust', 'calibrated', 'batch'])
        .describe(
          "`robust`: a weighted sum of the terms, each over its scale on good images; `calibrated`: the paper's sum by `model.v`, every image alone; `batch`: the same by the maxima of its batch, as the reference does.",
        ),
      weights: z
        .strictObject({
          pixel: weight.describe('Of the pixel distance.'),
          feature: weight.describe('Of the feature distance.'),
          memory: weight.describe('Of the distance to the memory.'),
        })
        .describe(
          'Weights of the terms under `normalization: robust`; null: by defects pasted into held-back good images, small ones beside a memory, none where those stand out less with them, others where they find clearly more.',
        ),
      sigma: z.number().nonnegative().describe('Standard deviation of the Gaussian blur of the map, pixels.'),
      crop: fraction
        .nullable()
        .describe('Centre part of the side that is scored, a fraction; null scores all.'),
      threshold: z
        .union([z.enum(['calibrated', 'conformal', 'youden']), z.number()])
        .describe(
          "`calibrated` and `conformal` come from good images, the one where the rate is expected to be met, the other where it provably is, which takes more of them; `youden` takes it from the test set's labels; or a number.",
        ),
      falseAlarmRate: z.number().gt(0).lt(1).describe('Share of good images that may be called anomalous.'),
      // absent in manifests of before
      confidence: z
        .number()
        .gt(0)
        .lt(1)
        .nullable()
        .default(null)
        .describe(
          'Under `threshold: conformal`: probability with which at most `falseAlarmRate` of good images are called anomalous, e.g. 0.95; null: on average over calibrations.',
        ),
      holdBack: z
        .number()
        .min(0)
        .lt(1)
        .describe(
          'Share of good training images held back for calibration (at least 8; none of fewer than 40).',
        ),
      referencePro: z.boolean().describe('Also report the PRO of the reference.'),
      batchSize: count.describe(
        'Images per batch at test time: of a GPU, and of `normalization: batch`. Calibrated scores do not depend on it.',
      ),
    })
    .describe('Map, score and threshold.'),

  output: z
    .strictObject({
      checkpoints: name.describe('Folder of the checkpoints; `{dataset}` and `{category}` are filled in.'),
      results: name.describe('Folder of the report; `{dataset}` and `{category}` are filled in.'),
      report: z.boolean().describe('Write report.html and maps/, not only the numbers.'),
    })
    .describe('Where files go.'),
});

/** A resolved configuration. */
export type Config = z.infer<typeof configSchema>;
