export { describeDiff } from './describe-diff.js';
export { diffStateDict, type Misshapen, type StateDictDiff } from './diff-state-dict.js';
export type { DownloadOptions, DownloadProgress } from './download-file.js';
export {
  cachedPretrainedPath,
  downloadFile,
  pretrainedPath,
  readStateDict,
  readWeightsFile,
  writeSafetensorsFile,
} from './files.js';
export { type PretrainedName, pretrainedFile, pretrainedNames } from './pretrained-files.js';
export type { CachedOptions, PretrainedOptions } from './pretrained-path.js';
export { type ReadOptions, readSafetensors } from './read-safetensors.js';
export { readSafetensorsMetadata } from './read-safetensors-metadata.js';
export type { WeightsFileContents } from './read-state-dict.js';
export { type ReadTorchOptions, readTorch } from './read-torch.js';
export type { DType, StateDict, StateTensor, TensorData } from './state-dict.js';
export { stripPrefix } from './strip-prefix.js';
export { stripWrapperPrefixes } from './strip-wrapper-prefixes.js';
export { writeSafetensors } from './write-safetensors.js';
export { writeTorch } from './write-torch.js';
export { type Archive, openZip } from './zip/open-zip.js';
export { writeZip } from './zip/write-zip.js';
