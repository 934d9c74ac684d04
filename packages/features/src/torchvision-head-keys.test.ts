import { goldenJson } from '@ddad/testing';
import { expect, it } from 'vitest';
import { torchvisionHeadKeys } from './torchvision-head-keys.js';

it.each(['resnet18', 'wide_resnet50_2'])("lists what torchvision's %s has beyond layer3", (name) => {
  const all = Object.keys(goldenJson<Record<string, number[]>>(`${name}.keys`));
  expect(torchvisionHeadKeys(name)).toEqual(all.filter((key) => /^(layer4|fc)\./.test(key)));
  expect(torchvisionHeadKeys(name, 'layer2')).toEqual(all.filter((key) => /^(layer[34]|fc)\./.test(key)));
  expect(torchvisionHeadKeys(name, 'layer4')).toEqual(['fc.weight', 'fc.bias']);
});

// six tensors per convolution and its normalisation, those of the shortcut, and fc
it.each([
  ['resnet34', 3 * 12 + 6 + 2],
  ['resnet101', 3 * 18 + 6 + 2],
  ['custom', 0],
])('counts %s', (name, count) => {
  expect(torchvisionHeadKeys(name)).toHaveLength(count);
});
