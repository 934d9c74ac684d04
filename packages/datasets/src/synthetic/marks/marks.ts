import { crack } from './crack.js';
import { hole } from './hole.js';
import type { Mark } from './mark.js';
import { scratch } from './scratch.js';
import { stain } from './stain.js';

export const MARKS: Readonly<Partial<Record<string, Mark>>> = { scratch, stain, crack, hole };
