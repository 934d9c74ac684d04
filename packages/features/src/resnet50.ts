import { architectures } from './architectures.js';
import { type ResNet, type ResNetOptions, resnet } from './resnet.js';

/** torchvision's resnet50; features are the outputs of layer1, layer2, layer3 unless others are asked for. */
export function resnet50(options: ResNetOptions = {}): ResNet {
  return resnet({ name: 'resnet50', ...architectures.resnet50 }, options);
}
