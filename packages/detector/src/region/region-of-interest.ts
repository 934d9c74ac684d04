import { z } from 'zod';

const fraction = z.number().min(0).max(1);

/** At least three corners in fractions of the picture. */
export const polygonSchema = z.array(z.tuple([fraction, fraction])).min(3);

/** What of a picture is judged, as it stands in a manifest. */
export const regionOfInterestSchema = z.strictObject({
  /** Raised when the meaning of the other keys changes. */
  version: z.literal(1),
  /** Judged is what lies in one of them; everything where there is none. */
  include: z.array(polygonSchema),
  /** What of that is left out. */
  ignore: z.array(polygonSchema),
});

/**
 * Corners `[x, y]`, at least three, in fractions of the picture as it was given, upright: [0, 0] is its upper left corner,
 * [1, 1] the lower right. What the line winds around is inside (non-zero rule), the last corner joins the first.
 */
export type Polygon = z.infer<typeof polygonSchema>;

/** What of a picture is judged. */
export type RegionOfInterest = z.infer<typeof regionOfInterestSchema>;
