import { type ResNet, type ResNetOptions, resnet } from './resnet.js';

/** torchvision's wide_resnet101_2; features are the outputs of layer1, layer2, layer3. */
export function wideResnet101_2(options: ResNetOptions = {}): ResNet {
  return resnet(
    { name: 'wide_resnet101_2', block: 'bottleneck', depths: [3, 4, 23], widthPerGroup: 128 },
    options,
  );
}
