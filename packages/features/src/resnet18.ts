import { type ResNet, type ResNetOptions, resnet } from './resnet.js';

/** torchvision's resnet18; features are the outputs of layer1, layer2, layer3. */
export function resnet18(options: ResNetOptions = {}): ResNet {
  return resnet({ name: 'resnet18', block: 'basic', depths: [2, 2, 2] }, options);
}
