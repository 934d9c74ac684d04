export {
  type AdaptationResult,
  type AdaptationSnapshot,
  type AdaptFeaturesOptions,
  adaptFeatures,
} from './adapt-features.js';
export { type AdaptationLossOptions, adaptationLoss } from './adaptation-loss.js';
export type { Backbone } from './backbone.js';
export { type BackboneName, backboneNames, backbones, featureLayers } from './backbones.js';
export {
  type EfficientNetLite0Layer,
  type EfficientNetLite0Options,
  efficientNetLite0,
} from './efficientnet-lite0.js';
export { embedded, embeddedArchitecture, embeddedFile } from './embedded.js';
export type { Extractor } from './extractor.js';
export { fromLayersModel, type LayersModelBackbone, type LayersModelOptions } from './from-layers-model.js';
export type { ResNetLayer, ResNetOptions } from './resnet.js';
export { resnet18 } from './resnet18.js';
export { resnet34 } from './resnet34.js';
export { resnet50 } from './resnet50.js';
export { resnet101 } from './resnet101.js';
export { torchvisionHeadKeys } from './torchvision-head-keys.js';
export { wideResnet50_2 } from './wide-resnet50-2.js';
export { wideResnet101_2 } from './wide-resnet101-2.js';
