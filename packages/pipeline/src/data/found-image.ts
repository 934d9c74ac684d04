import type { UserError } from '@ddad/detector';

/** An image file, or a path where there is none. */
export interface FoundImage {
  path: string;
  /** Its path below what all images have in common, for files about it. */
  name: string;
  /** Why nothing is there. */
  missing?: UserError;
}
