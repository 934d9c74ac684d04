import { featuresArchitecture, type Networks, unetArchitecture } from '@ddad/detector';
import { type StateDict, writeSafetensors, writeTorch } from '@ddad/weights';
import type { Manifest } from '../checkpoint/manifest-file.js';
import type { ExportFormat } from './names.js';

/** A network's weights, and what they are called. */
export interface NamedWeights {
  name: 'unet' | 'features';
  epoch: number;
  stateDict: StateDict;
  architecture: object;
}

/** The weights of the networks there are. */
export async function namedWeights(
  { config, unet, features }: Manifest,
  networks: Networks,
): Promise<NamedWeights[]> {
  const weights: NamedWeights[] = [];
  if (unet) {
    weights.push({
      name: 'unet',
      epoch: unet.epoch,
      stateDict: await networks.unet!.stateDict(),
      architecture: unetArchitecture(config),
    });
  }
  weights.push({
    name: 'features',
    epoch: features.epoch,
    stateDict: await networks.backbone.stateDict(),
    architecture: featuresArchitecture(config),
  });
  return weights;
}

/** The name and bytes of a file of weights; undefined for `onnx`, which is no format of weights alone. */
export function weightsFile(
  { name, epoch, stateDict, architecture }: NamedWeights,
  format: ExportFormat,
): [string, Uint8Array] | undefined {
  switch (format) {
    case 'torch':
      return [`${name}-${epoch}.pth`, writeTorch(behindModule(stateDict))];
    case 'reference':
      return [name === 'unet' ? `${epoch}` : `feat${epoch}`, writeTorch(behindModule(stateDict))];
    case 'safetensors': {
      const metadata = { architecture: JSON.stringify(architecture), epoch: `${epoch}` };
      return [`${name}-${epoch}.safetensors`, writeSafetensors(stateDict, metadata)];
    }
    case 'onnx':
      return undefined;
  }
}

/** The names torch.nn.DataParallel gives, as the reference loads them. */
function behindModule(stateDict: StateDict): StateDict {
  return new Map([...stateDict].map(([name, tensor]) => [`module.${name}`, tensor]));
}
