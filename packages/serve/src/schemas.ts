import { z } from 'zod';

const milliseconds = z.number().nonnegative();

export const detectorName = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/)
  .describe('Name of a detector.');

export const nameParams = z.strictObject({ name: detectorName });

export const versionParams = z.strictObject({
  name: detectorName,
  version: z.string().regex(/^[1-9]\d{0,8}$/),
});

export const versionSchema = z.strictObject({
  version: z.number().int().describe('1 is what the station was given; later ones count up.'),
  createdAt: z.string().describe('ISO 8601.'),
  cause: z.string().describe('What made it: given, threshold, roi, recalibrated, replaced.'),
});

export const detectorSchema = z.strictObject({
  name: detectorName,
  version: z.number().int().describe('The one in use.'),
  versions: z.array(versionSchema),
  createdAt: z.string().describe('Of the version in use, ISO 8601.'),
  imageSize: z.number().int().describe('Side of the square that images are resized to, pixels.'),
  channels: z.number().int(),
  fit: z.string().describe('How an image that is not square becomes square: stretch, pad or crop.'),
  score: z.strictObject({
    normalization: z.string(),
    terms: z.array(z.strictObject({ name: z.string(), weight: z.number() })),
  }),
  threshold: z.strictObject({ value: z.number(), from: z.string() }),
});

const corners = z.array(z.tuple([z.number(), z.number()]));

export const detectorDetailSchema = detectorSchema.extend({
  calibration: z
    .strictObject({
      n: z.number().int(),
      method: z.string(),
      falseAlarmRate: z.number(),
      scores: z.array(z.number()).describe('Of the good images that the threshold comes from.'),
    })
    .nullable(),
  crop: z
    .number()
    .nullable()
    .describe('Part of each side that is scored, around the centre of the map; null: all of it.'),
  regionOfInterest: z
    .strictObject({ include: z.array(corners), ignore: z.array(corners) })
    .nullable()
    .describe('What of a picture is judged, polygons in fractions of it; null: all.'),
  drift: z
    .strictObject({
      images: z.number().int().describe('Called good since this version is in use.'),
      level: z
        .number()
        .describe('How likely scores so unlike those of the calibration are without a drift, at most.'),
      direction: z
        .enum(['higher', 'lower', 'other'])
        .nullable()
        .describe('Where level has been 0.01 or less: how they differ; null: they look alike.'),
    })
    .nullable()
    .describe('Whether scores still look like those of the calibration; null where there is none.'),
  limits: z.strictObject({
    bytes: z.number(),
    pixels: z.number(),
    files: z.number(),
    queue: z.number(),
    seconds: z.number(),
    detectorBytes: z.number(),
  }),
});

export const imageSchema = z.strictObject({
  name: z.string().nullable().describe('As the request gave it.'),
  width: z.number().int().describe('Pixels, upright.'),
  height: z.number().int(),
  sha256: z.string().describe('Of the bytes that were sent, hexadecimal.'),
});

const encoded = z.strictObject({
  type: z.string().describe('Media type.'),
  width: z.number().int(),
  height: z.number().int(),
  base64: z.string(),
});

export const detectionSchema = z.strictObject({
  detector: z.string(),
  version: z.number().int().describe('The version that gave this answer.'),
  image: imageSchema,
  score: z.number(),
  threshold: z.number(),
  anomalous: z.boolean().describe('score >= threshold'),
  foreign: z
    .boolean()
    .nullable()
    .describe('The picture as a whole is unlike all good ones; null where the detector cannot tell.'),
  regions: z
    .array(
      z.strictObject({
        x: z.number().int(),
        y: z.number().int(),
        width: z.number().int(),
        height: z.number().int(),
        peak: z.number().describe('Highest value of the map within.'),
        area: z.number().describe('Pixels of the map.'),
      }),
    )
    .describe('Connected parts at or above the threshold, in pixels of the image, highest peak first.'),
  timings: z
    .strictObject({ queue: milliseconds, decode: milliseconds, infer: milliseconds })
    .describe('Milliseconds.'),
  map: encoded.optional(),
  overlay: encoded.optional(),
  reconstruction: encoded.optional(),
});

export const errorSchema = z.strictObject({
  error: z.strictObject({ code: z.string(), message: z.string(), remedy: z.string().optional() }),
});

export const detectionsSchema = z.strictObject({
  detections: z
    .array(
      z.union([
        detectionSchema,
        errorSchema.extend({ image: z.strictObject({ name: z.string().nullable() }) }),
      ]),
    )
    .describe('One per file, in their order.'),
});

export const detectQuery = z.strictObject({
  map: z.enum(['png', 'raw']).optional().describe('Answer with the map: in colours, or its float32 values.'),
  overlay: z
    .enum(['jpeg'])
    .optional()
    .describe('Answer with the picture, heat map and frames painted on it.'),
  reconstruction: z.enum(['png']).optional().describe('Answer with the picture without its anomaly.'),
  json: z.enum(['0', '1']).optional().describe('1: as base64 fields of the JSON instead of as the body.'),
  name: z.string().max(500).optional().describe('Name of a raw image, for the answer.'),
});

export type Detection = z.infer<typeof detectionSchema>;
export type DetectQuery = z.infer<typeof detectQuery>;
export type DetectorSummary = z.infer<typeof detectorSchema>;
export type DetectorDetail = z.infer<typeof detectorDetailSchema>;
