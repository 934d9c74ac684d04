import { type ResNet, type ResNetOptions, resnet } from './resnet.js';

/** torchvision's wide_resnet50_2; features are the outputs of layer1, layer2, layer3. */
export function wideResnet50_2(options: ResNetOptions = {}): ResNet {
  return resnet(
    { name: 'wide_resnet50_2', block: 'bottleneck', depths: [3, 4, 6], widthPerGroup: 128 },
    options,
  );
}
