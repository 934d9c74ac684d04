import { architectures } from './architectures.js';
import type { Extractor } from './extractor.js';
import { type ResNetOptions, resnet } from './resnet.js';

/** torchvision's resnet18; features are the outputs of layer1, layer2, layer3 unless others are asked for. */
export function resnet18(options: ResNetOptions = {}): Extractor {
  return resnet({ name: 'resnet18', ...architectures.resnet18 }, options);
}
