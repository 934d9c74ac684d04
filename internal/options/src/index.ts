export { checkOptions, type KnownOptions, optionProblem } from './check-options.js';
export { nearestName } from './nearest-name.js';
