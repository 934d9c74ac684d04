import { readHeader } from './safetensors-header.js';

/**
 * The `__metadata__` of a safetensors file: strings by name, `{}` where it has none.
 *
 * @throws Error where the bytes are not a complete, valid safetensors file.
 */
export function readSafetensorsMetadata(bytes: Uint8Array): Record<string, string> {
  return readHeader(bytes).metadata;
}
