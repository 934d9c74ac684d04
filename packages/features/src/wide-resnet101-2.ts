import { architectures } from './architectures.js';
import type { Extractor } from './extractor.js';
import { type ResNetOptions, resnet } from './resnet.js';

/** torchvision's wide_resnet101_2; features are the outputs of layer1, layer2, layer3 unless others are asked for. */
export function wideResnet101_2(options: ResNetOptions = {}): Extractor {
  return resnet({ name: 'wide_resnet101_2', ...architectures.wide_resnet101_2 }, options);
}
