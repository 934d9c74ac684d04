export { collect } from './collect.js';
export { relativeError, toNHWC } from './compare.js';
export { engineProjects, testEngine, testEngines } from './engines.js';
export { goldenJson, goldenState, goldens } from './goldens.js';
export { checkGradients, type GradientCheck } from './gradients.js';
export { gauss, goldenParameter, uniform, unit } from './hash.js';
export { expectNoLeak } from './leak.js';
export { executionProviders, tolerance } from './providers.js';
