import { type ResNet, type ResNetOptions, resnet } from './resnet.js';

/** torchvision's resnet34; features are the outputs of layer1, layer2, layer3. */
export function resnet34(options: ResNetOptions = {}): ResNet {
  return resnet({ name: 'resnet34', block: 'basic', depths: [3, 4, 6] }, options);
}
