import { type ResNet, type ResNetOptions, resnet } from './resnet.js';

/** torchvision's resnet50; features are the outputs of layer1, layer2, layer3. */
export function resnet50(options: ResNetOptions = {}): ResNet {
  return resnet({ name: 'resnet50', block: 'bottleneck', depths: [3, 4, 6] }, options);
}
