import {
  defaultEfficientNetLite0Layers,
  efficientNetLite0,
  efficientNetLite0Layers,
} from './efficientnet-lite0.js';
import { embeddedArchitecture, embeddedLayers } from './embedded.js';
import { defaultResNetLayers, resnetLayers } from './resnet.js';
import { resnet18 } from './resnet18.js';
import { resnet34 } from './resnet34.js';
import { resnet50 } from './resnet50.js';
import { resnet101 } from './resnet101.js';
import { selectLayers } from './select-layers.js';
import { wideResnet50_2 } from './wide-resnet50-2.js';
import { wideResnet101_2 } from './wide-resnet101-2.js';

/** The extractors of this package, with random weights: ResNets by torchvision's names, EfficientNet-Lite0, `embedded`. */
export const backbones = {
  resnet18,
  resnet34,
  resnet50,
  resnet101,
  wide_resnet50_2: wideResnet50_2,
  wide_resnet101_2: wideResnet101_2,
  efficientnet_lite0: efficientNetLite0,
  embedded: embeddedArchitecture,
} as const;

export type BackboneName = keyof typeof backbones;

export const backboneNames = Object.keys(backbones) as BackboneName[];

/**
 * The layers whose outputs are the features of the extractor of that name.
 *
 * @param asked names, finest first; the extractor's own choice if absent
 * @throws layers it does not have; the message names those there are
 */
export function featureLayers(name: BackboneName, asked?: readonly string[]): readonly string[] {
  return selectLayers(name, asked, layersOf(name));
}

function layersOf(name: BackboneName): { known: readonly string[]; defaults: readonly string[] } {
  if (name === 'embedded') return { known: embeddedLayers, defaults: embeddedLayers };
  return name === 'efficientnet_lite0'
    ? { known: efficientNetLite0Layers, defaults: defaultEfficientNetLite0Layers }
    : { known: resnetLayers, defaults: defaultResNetLayers };
}
