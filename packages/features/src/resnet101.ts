import { type ResNet, type ResNetOptions, resnet } from './resnet.js';

/** torchvision's resnet101; features are the outputs of layer1, layer2, layer3. */
export function resnet101(options: ResNetOptions = {}): ResNet {
  return resnet({ name: 'resnet101', block: 'bottleneck', depths: [3, 4, 23] }, options);
}
