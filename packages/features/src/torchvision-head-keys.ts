import { architectures } from './architectures.js';
import { type ResNetLayer, resnetLayers } from './resnet.js';

const batchNorm = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'];

/**
 * State-dict names of what a full torchvision ResNet has beyond its features, in order.
 *
 * @param name torchvision's, e.g. `wide_resnet50_2`
 * @param last the last layer that the features need
 * @returns none for any other network
 */
export function torchvisionHeadKeys(name: string, last: string = 'layer3'): string[] {
  if (!Object.hasOwn(architectures, name)) return [];
  const { block: kind, depths } = architectures[name as keyof typeof architectures];
  const convolutions = kind === 'basic' ? 2 : 3;
  const keys: string[] = [];
  const convNorm = (conv: string, norm: string) => {
    keys.push(`${conv}.weight`, ...batchNorm.map((key) => `${norm}.${key}`));
  };
  for (const layer of resnetLayers.slice(resnetLayers.indexOf(last as ResNetLayer) + 1)) {
    for (let block = 0; block < depths[resnetLayers.indexOf(layer)]; block++) {
      const at = `${layer}.${block}`;
      for (let i = 1; i <= convolutions; i++) convNorm(`${at}.conv${i}`, `${at}.bn${i}`);
      if (block === 0) convNorm(`${at}.downsample.0`, `${at}.downsample.1`);
    }
  }
  return [...keys, 'fc.weight', 'fc.bias'];
}
