import { architectures } from './architectures.js';
import type { Extractor } from './extractor.js';
import { type ResNetOptions, resnet } from './resnet.js';

/** torchvision's resnet34; features are the outputs of layer1, layer2, layer3 unless others are asked for. */
export function resnet34(options: ResNetOptions = {}): Extractor {
  return resnet({ name: 'resnet34', ...architectures.resnet34 }, options);
}
