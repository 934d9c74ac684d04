import { architectures } from './architectures.js';
import type { Extractor } from './extractor.js';
import { type ResNetOptions, resnet } from './resnet.js';

/** torchvision's resnet50; features are the outputs of layer1, layer2, layer3 unless others are asked for. */
export function resnet50(options: ResNetOptions = {}): Extractor {
  return resnet({ name: 'resnet50', ...architectures.resnet50 }, options);
}
