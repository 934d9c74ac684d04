import type { Manifest, MemoryFile } from '../manifest.js';
import { type FileSource, pathIn } from '../url-source.js';
import { type BackboneOptions, featuresArchitecture } from './backbone.js';
import {
  filledBackbone,
  filledMemory,
  filledUNet,
  type Networks,
  networksOf,
  orDispose,
} from './networks.js';
import { parseWeights } from './parse-weights.js';
import { unetArchitecture } from './unet.js';

/**
 * The networks of a detector, from the files its manifest names. An engine must have been started.
 *
 * @throws {UserError} missing, damaged or altered files
 */
export async function loadNetworks(
  source: FileSource,
  { config, unet, features, memory }: Manifest,
  options: BackboneOptions = {},
): Promise<Networks> {
  const [unetState, featuresState, memoryState] = await Promise.all([
    unet && readState(source, unet, unetArchitecture(config)),
    readState(source, features, featuresArchitecture(config)),
    memory && readState(source, memory, {}),
  ]);
  const backbone = await filledBackbone(config, featuresState, options);
  return orDispose(backbone, async () => {
    const remembered = memoryState ? await filledMemory(memoryState) : undefined;
    return orDispose({ dispose: () => remembered?.dispose() }, async () => {
      const network = unetState ? await filledUNet(config, unetState) : undefined;
      return networksOf({ unet: network, backbone, memory: remembered });
    });
  });
}

async function readState(
  source: FileSource,
  { file, sha256 }: MemoryFile,
  architecture: Record<string, unknown>,
) {
  const name = pathIn(source, file);
  return { name, stateDict: await parseWeights(await source.read(file), { name, architecture, sha256 }) };
}
