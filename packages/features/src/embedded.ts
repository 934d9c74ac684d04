import { readSafetensors } from '@ddad/weights';
import type { Extractor } from './extractor.js';
import { type ResNetLayer, type ResNetOptions, resnet } from './resnet.js';

/** Its layers that have been trained. */
export const embeddedLayers: readonly ResNetLayer[] = ['layer1', 'layer2', 'layer3'];

/** The architecture of {@link embedded} with random weights: resnet18's up to layer3 at 40 channels instead of 64. */
export function embeddedArchitecture(options: ResNetOptions = {}): Extractor {
  return resnet({ name: 'embedded', block: 'basic', depths: [2, 2, 2, 2], planes: 40 }, options);
}

/**
 * A pretrained extractor that comes with the package: a small ResNet trained on procedural pictures alone, under the
 * package's own licence. Features are the outputs of layer1, layer2, layer3: 40, 80, 160 channels at strides 4, 8, 16.
 * See [the model card](https://github.com/ddad-js/ddad/blob/main/docs/embedded.md) for how it was made and what it reaches.
 *
 * The weights, float16 in a module of their own, are read at the first call.
 */
export async function embedded(options: ResNetOptions = {}): Promise<Extractor> {
  const backbone = embeddedArchitecture(options);
  backbone.loadStateDict(readSafetensors(await embeddedFile()));
  return backbone;
}

/** The bytes of the safetensors file that {@link embedded} reads. */
export async function embeddedFile(): Promise<Uint8Array> {
  const { default: base64 } = await import('../weights/embedded.safetensors');
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
