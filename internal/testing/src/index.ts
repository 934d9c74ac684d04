export { relativeError, toNHWC } from './compare.js';
export { goldenJson, goldenState, goldens } from './goldens.js';
export { gauss, goldenParameter, uniform, unit } from './hash.js';
export { expectNoLeak } from './leak.js';
export { executionProviders, tolerance } from './providers.js';
