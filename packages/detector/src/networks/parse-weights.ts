import { readSafetensors, readSafetensorsMetadata, readTorch, type StateDict } from '@ddad/weights';
import { UserError } from '../errors.js';

export interface ParseWeightsOptions {
  /** Opens error messages; one that ends in `.safetensors` is read as such, any other as a file of torch.save. */
  name: string;
  /** What decides the shapes of the weights; compared with what the file's header says. */
  architecture: Record<string, unknown>;
  /** The hash the bytes must have, where it is known. */
  sha256?: string;
}

/**
 * The tensors of a weights file, ours or of torch.save.
 *
 * @throws {UserError} damaged, altered, or of another architecture; the message names the difference
 */
export async function parseWeights(
  bytes: Uint8Array,
  { name, architecture, sha256: expected }: ParseWeightsOptions,
): Promise<StateDict> {
  if (expected !== undefined && (await sha256(bytes)) !== expected) {
    throw new UserError(`${name} is not the file detector.json was made with (its sha256 differs)`, {
      code: 'weights',
      remedy: 'run `adapt`',
    });
  }
  let stateDict: StateDict;
  let there: Record<string, unknown> = {};
  try {
    if (name.endsWith('.safetensors')) {
      there = JSON.parse(readSafetensorsMetadata(bytes).architecture ?? '{}');
      stateDict = readSafetensors(bytes);
    } else {
      stateDict = readTorch(bytes);
    }
  } catch (error) {
    throw new UserError(`${name}: ${(error as Error).message}`, { code: 'weights', cause: error });
  }
  const differences = Object.keys(architecture)
    .filter((key) => key in there && JSON.stringify(there[key]) !== JSON.stringify(architecture[key]))
    .map(
      (key) => `${key} is ${JSON.stringify(there[key])} there and ${JSON.stringify(architecture[key])} here`,
    );
  if (differences.length) {
    throw new UserError(`${name} is a checkpoint of another architecture: ${differences.join(', ')}`, {
      code: 'weights',
      remedy: 'use its configuration, or another output folder',
    });
  }
  return stateDict;
}

/**
 * SHA-256 in hexadecimal.
 *
 * @throws {UserError} in a page that is not a secure context, which has no WebCrypto
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const { subtle } = globalThis.crypto ?? {};
  if (!subtle) {
    throw new UserError(
      'the weights cannot be checked: this page is no secure context and has no WebCrypto',
      {
        code: 'engine',
        remedy: 'serve it by https or from localhost',
      },
    );
  }
  const hash = new Uint8Array(await subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
