import { z } from 'zod';
import { type Config, configSchema } from './config.js';
import { UserError } from './errors.js';
import { regionOfInterestSchema } from './region/region-of-interest.js';

/** What an extractor was adapted from. */
export const pretrainedSchema = z.strictObject({
  backbone: z.string(),
  /** Names of the layers whose outputs are the features; null where a custom backbone does not say. */
  layers: z.array(z.string()).nullable(),
  /** `file`: one that was given; `option`: as a custom backbone came. */
  origin: z.enum(['imagenet', 'embedded', 'file', 'random', 'option']),
  /** Name of the file, and the hash of its bytes, hexadecimal; null where there was none. */
  file: z.string().nullable(),
  sha256: z.string().nullable(),
});

/** What an extractor was adapted from. */
export type Pretrained = z.infer<typeof pretrainedSchema>;

const weightsFile = z.strictObject({
  /** Name of the file beside the manifest. */
  file: z.string().regex(/^(?!\.{1,2}$)[^/\\]+$/, 'needs the name of a file beside the manifest'),
  /** Of its bytes, hexadecimal. */
  sha256: z.string(),
  epoch: z.number(),
  /** Of an extractor's, where it is known. */
  pretrained: pretrainedSchema.optional(),
});

/** A file of weights beside the manifest. */
export type WeightsFile = z.infer<typeof weightsFile>;

const memoryFile = weightsFile.omit({ epoch: true, pretrained: true });

/** A file of remembered features beside the manifest. */
export type MemoryFile = z.infer<typeof memoryFile>;

const term = z.strictObject({
  /** What it is on good images, as `termScale` of @ddad/scoring says. */
  scale: z.number(),
  weight: z.number(),
});

/** One of the distances in the sum that is the map: `weight * distance / scale`. */
export type Term = z.infer<typeof term>;

const manifestSchema = z.strictObject({
  format: z.literal('ddad-detector'),
  version: z.literal(1),
  config: configSchema,
  /** What happens to an image before the network sees it, for programs that read no configuration. */
  transforms: z.strictObject({
    size: z.tuple([z.number(), z.number()]),
    channels: z.union([z.literal(1), z.literal(3)]),
    fit: z.string(),
    /** Values of the file that become 0 and 255; absent where the high byte of 16 bits is taken. */
    window: z.tuple([z.number(), z.number()]).optional(),
    method: z.literal('bilinear'),
    range: z.tuple([z.number(), z.number()]),
  }),
  /** Null while the detector works by its memory alone. */
  unet: weightsFile.nullable(),
  features: weightsFile,
  /** Null without one. */
  memory: memoryFile.nullable(),
  /** From good images; null until there is one. */
  calibration: z
    .strictObject({
      /** max D_f / max D_p, median over the images; null where `terms` take its place. */
      ratio: z.number().nullable(),
      /** With `scoring.normalization: robust`: what is summed; null otherwise. */
      terms: z
        .strictObject({
          pixel: term.optional(),
          feature: term.optional(),
          memory: term.optional(),
        })
        .nullable(),
      /**
       * Where the UNet works at a smaller size than the image's: changes of a value up to this size, of 2, are those that it
       * makes of good images, and are left out; null elsewhere.
       */
      change: z.number().nullable(),
      threshold: z.number(),
      method: z.string(),
      n: z.number(),
      falseAlarmRate: z.number(),
      /** With the method `conformal`: what the threshold promises, as `conformalGuarantee` of @ddad/scoring says. */
      guarantee: z
        .strictObject({
          confidence: z.number().nullable(),
          rank: z.number(),
          isMet: z.boolean(),
          needed: z.number(),
          averageRate: z.number(),
          probability: z.number(),
          limit: z.number(),
        })
        .optional(),
      scores: z.array(z.number()),
      /** The images were also trained on: there were too few to hold some back. */
      sharedWithTraining: z.boolean(),
      /**
       * Of the memory: each image's `typicalDistance` and the `foreignLimit` of @ddad/scoring from which on an image is no
       * picture of this part; absent without a memory, and in manifests of before.
       */
      typical: z.strictObject({ distances: z.array(z.number()), limit: z.number() }).optional(),
    })
    .nullable(),
  /** What makes an image anomalous; null while nothing has set it. */
  threshold: z
    .strictObject({ value: z.number(), from: z.enum(['calibrated', 'youden', 'given']) })
    .nullable(),
  /** What of a picture is judged; absent where all of it is. */
  regionOfInterest: regionOfInterestSchema.optional(),
});

/** What `detector.json` holds: everything needed to score an image, with the weights beside it. */
export type Manifest = z.infer<typeof manifestSchema>;

/** What good images say of a detector: scales and threshold. */
export type DetectorCalibration = NonNullable<Manifest['calibration']>;

export const manifestName = 'detector.json';

/** The files that a detector consists of, beside its manifest. */
export type DetectorFiles = Pick<Manifest, 'unet' | 'features' | 'memory'>;

/** A manifest of these files, without calibration or threshold. */
export function newManifest(config: Config, { unet, features, memory }: DetectorFiles): Manifest {
  return {
    format: 'ddad-detector',
    version: 1,
    config,
    transforms: transformsOf(config),
    unet,
    features,
    memory,
    calibration: null,
    threshold: null,
  };
}

/**
 * The manifest in the text of a `detector.json`.
 *
 * @param name opens error messages
 * @throws {UserError} not a manifest this version reads
 */
export function parseManifest(text: string, name: string): Manifest {
  const fail = (problem: string, remedy = 'write it anew with `adapt`'): never => {
    throw new UserError(`${name}: ${problem}`, { code: 'detector', remedy });
  };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${name}: not JSON`, {
      code: 'detector',
      remedy: 'write it anew with `adapt`',
      cause,
    });
  }
  const version = (value as { version?: unknown } | null)?.version;
  if (version !== undefined && version !== 1) {
    fail(`needs version 1, got ${JSON.stringify(version)}`, 'it is from another release of ddad');
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    return fail(`${path.join('.')}: ${message}`);
  }
  const { transforms, config } = parsed.data;
  const [there, needed] = [transforms, transformsOf(config)].map((each) => JSON.stringify(each));
  if (there !== needed) fail(`transforms: needs ${needed}, which config says, got ${there}`);
  return parsed.data;
}

function transformsOf({ data }: Config): Manifest['transforms'] {
  const { imageSize, channels, fit, window } = data;
  return {
    size: [imageSize, imageSize],
    channels,
    fit,
    ...(window && { window }),
    method: 'bilinear',
    range: [-1, 1],
  };
}
