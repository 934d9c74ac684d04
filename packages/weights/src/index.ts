export { type ReadOptions, readSafetensors } from './read-safetensors.js';
export { readSafetensorsMetadata } from './read-safetensors-metadata.js';
export type { DType, StateDict, StateTensor, TensorData } from './state-dict.js';
export { writeSafetensors } from './write-safetensors.js';
