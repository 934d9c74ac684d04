import type { UNet } from '@ddad/diffusion';
import type { Backbone } from '@ddad/features';
import { type LoadedMemory, loadMemory, memoryFromState } from '@ddad/scoring';
import type { StateDict } from '@ddad/weights';
import { asUserError } from '../as-user-error.js';
import type { Config } from '../config.js';
import { type BackboneOptions, emptyBackbone } from './backbone.js';
import { buildUNet } from './unet.js';

/** A UNet, an extractor and a memory that belong together; whoever holds them disposes them, once. */
export interface Networks {
  /** Undefined while the detector works by its memory alone. */
  readonly unet?: UNet;
  readonly backbone: Backbone;
  /** Features of good images, of this extractor. */
  readonly memory?: LoadedMemory;
  dispose(): void;
}

/** Joins networks. */
export function networksOf({ unet, backbone, memory }: Omit<Networks, 'dispose'>): Networks {
  return {
    unet,
    backbone,
    memory,
    dispose() {
      unet?.dispose();
      backbone.dispose?.();
      memory?.dispose();
    },
  };
}

/** What one of the networks is filled with, and the name that opens its errors. */
export interface NetworkState {
  name: string;
  stateDict: StateDict;
}

/**
 * The configuration's UNet with these weights.
 *
 * @throws {UserError} they are another network's
 */
export async function filledUNet(config: Config, { name, stateDict }: NetworkState): Promise<UNet> {
  const unet = await buildUNet(config);
  return orDispose(unet, async () => {
    await asUserError(() => unet.loadStateDict(stateDict), { code: 'weights', prefix: `${name}: ` });
    return unet;
  });
}

/**
 * The configuration's extractor with these weights, in evaluation mode.
 *
 * @throws {UserError} they are another network's; a custom extractor is asked for and none given
 */
export async function filledBackbone(
  config: Config,
  { name, stateDict }: NetworkState,
  options: BackboneOptions = {},
): Promise<Backbone> {
  const backbone = await emptyBackbone(config, options);
  return orDispose(backbone, async () => {
    await asUserError(() => backbone.loadStateDict(stateDict, { strict: true }), {
      code: 'weights',
      prefix: `${name}: `,
    });
    backbone.train(false);
    return backbone;
  });
}

/**
 * The memory of these tensors, ready to be searched.
 *
 * @throws {UserError} they are no memory's
 */
export function filledMemory({ name, stateDict }: NetworkState): Promise<LoadedMemory> {
  return asUserError(() => loadMemory(memoryFromState(stateDict)), { code: 'weights', prefix: `${name}: ` });
}

/** What `use` gives; `network` is released if it throws. */
export async function orDispose<T>(network: { dispose?(): void }, use: () => T | Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    network.dispose?.();
    throw error;
  }
}
