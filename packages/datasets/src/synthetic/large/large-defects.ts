import { crack } from './crack.js';
import { fibre } from './fibre.js';
import type { LargeDefect } from './large-defect.js';
import { misprint } from './misprint.js';
import { scratch } from './scratch.js';
import { stain } from './stain.js';

export const LARGE_DEFECTS: Readonly<Record<string, LargeDefect>> = {
  scratch,
  stain,
  crack,
  fibre,
  misprint,
};
