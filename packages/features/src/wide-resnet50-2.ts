import { architectures } from './architectures.js';
import type { Extractor } from './extractor.js';
import { type ResNetOptions, resnet } from './resnet.js';

/** torchvision's wide_resnet50_2; features are the outputs of layer1, layer2, layer3 unless others are asked for. */
export function wideResnet50_2(options: ResNetOptions = {}): Extractor {
  return resnet({ name: 'wide_resnet50_2', ...architectures.wide_resnet50_2 }, options);
}
