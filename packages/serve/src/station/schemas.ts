import { z } from 'zod';

const fraction = z.number().min(0).max(1);
const polygon = z
  .array(z.tuple([fraction, fraction]))
  .min(3)
  .max(1000);
const polygons = z.array(polygon).max(100);

export const thresholdBody = z.strictObject({
  threshold: z.number().describe('Scores at or above it are anomalous.'),
});

export const regionBody = z.strictObject({
  include: polygons.describe(
    'Judged is what lies in one of them: corners [x, y] in fractions of the picture. Empty: all of it.',
  ),
  ignore: polygons.describe('What of that is left out.'),
});

export const recalibrateBody = z.strictObject({
  memory: z.boolean().optional().describe('The pictures join the memory. Default: where there is one.'),
  forget: z
    .boolean()
    .optional()
    .describe(
      'Scales and threshold from the pictures judged good alone, at least three: for another camera or light.',
    ),
});

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const verdict = z.enum(['good', 'bad', 'none']);
const note = z.string().max(2000);
const fileName = z.string().max(500);

/** Of a picture that was judged before. */
export const judgementBody = z.strictObject({
  sha256,
  verdict: verdict.describe('`none` takes an earlier one back.'),
  note: note.optional(),
  name: fileName.optional(),
});

/** Beside a picture in the body. */
export const judgementQuery = z.strictObject({
  verdict: verdict.optional(),
  note: note.optional(),
  name: fileName.optional().describe('Of the file.'),
});

export const judgementSchema = z.strictObject({
  sha256: sha256.describe('Of the file, hexadecimal.'),
  verdict: z.enum(['good', 'bad']),
  note: z.string().nullable(),
  name: z.string().nullable(),
  time: z.string().describe('ISO 8601.'),
  version: z.number().int().describe('Of the detector, when it was judged.'),
});

export const judgementsSchema = z.strictObject({ judgements: z.array(judgementSchema) });

export const recalibratedSchema = z.strictObject({
  version: z.number().int().describe('The new one, which is in use now.'),
  base: z.number().int().describe('The version whose memory and scores the pictures were added to.'),
  pictures: z.number().int().describe('Judged good, and taken into account.'),
  threshold: z.number(),
  seconds: z.number(),
});
