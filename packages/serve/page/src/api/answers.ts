import type { z } from 'zod';
import type { judgementSchema, recalibratedSchema, regionBody } from '../../../src/station/schemas.js';

export type Judgement = z.infer<typeof judgementSchema>;
export type Recalibrated = z.infer<typeof recalibratedSchema>;
/** A region of interest: corners in fractions of the picture. */
export type Polygons = z.infer<typeof regionBody>;
