import { readMetadata } from './safetensors-header.js';

/**
 * The `__metadata__` of a safetensors file: strings by name, `{}` where it has none.
 *
 * @param bytes the file, or no more of it than its header: 8 bytes with its length and so many more
 * @throws Error where the header is cut short or invalid; the tensors are not looked at
 */
export function readSafetensorsMetadata(bytes: Uint8Array): Record<string, string> {
  return readMetadata(bytes);
}
