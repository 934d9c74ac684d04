export { type DefectPixelsOptions, defectPixels } from './defect-pixels.js';
export { type GuidedFilterOptions, guidedFilter } from './guided-filter.js';
export { type GuidedRegionOptions, guidedRegion } from './guided-region.js';
