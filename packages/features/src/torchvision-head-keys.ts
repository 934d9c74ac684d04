/** Blocks in layer4 and convolutions in each, by torchvision's names. */
const layer4: Readonly<Record<string, readonly [blocks: number, convolutions: number]>> = {
  resnet18: [2, 2],
  resnet34: [3, 2],
  resnet50: [3, 3],
  resnet101: [3, 3],
  wide_resnet50_2: [3, 3],
  wide_resnet101_2: [3, 3],
};

const batchNorm = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'];

/**
 * State-dict names of layer4 and fc, which a full torchvision ResNet has and the features do not need, in order.
 *
 * @param name torchvision's, e.g. `wide_resnet50_2`
 * @returns none for any other network
 */
export function torchvisionHeadKeys(name: string): string[] {
  if (!Object.hasOwn(layer4, name)) return [];
  const [blocks, convolutions] = layer4[name];
  const keys: string[] = [];
  const convNorm = (conv: string, norm: string) => {
    keys.push(`${conv}.weight`, ...batchNorm.map((key) => `${norm}.${key}`));
  };
  for (let block = 0; block < blocks; block++) {
    const at = `layer4.${block}`;
    for (let i = 1; i <= convolutions; i++) convNorm(`${at}.conv${i}`, `${at}.bn${i}`);
    if (block === 0) convNorm(`${at}.downsample.0`, `${at}.downsample.1`);
  }
  return [...keys, 'fc.weight', 'fc.bias'];
}
