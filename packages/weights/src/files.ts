/** What needs a file system; files.web.ts stands in for it in browsers. */
export { downloadFile } from './download-file.js';
export { cachedPretrainedPath, pretrainedPath } from './pretrained-path.js';
export { readStateDict, readWeightsFile } from './read-state-dict.js';
export { writeSafetensorsFile } from './write-safetensors-file.js';
