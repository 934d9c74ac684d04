import type { Manifest } from '../manifest.js';
import { type FileSource, pathIn } from '../url-source.js';
import { type BackboneOptions, featuresArchitecture } from './backbone.js';
import { filledBackbone, filledUNet, type Networks, networksOf, orDispose } from './networks.js';
import { parseWeights } from './parse-weights.js';
import { unetArchitecture } from './unet.js';

/**
 * The networks of a detector, from the files its manifest names. An engine must have been started.
 *
 * @throws {UserError} missing, damaged or altered files
 */
export async function loadNetworks(
  source: FileSource,
  { config, unet, features }: Manifest,
  options: BackboneOptions = {},
): Promise<Networks> {
  const [unetState, featuresState] = await Promise.all([
    readState(source, unet, unetArchitecture(config)),
    readState(source, features, featuresArchitecture(config)),
  ]);
  const network = await filledUNet(config, unetState);
  const backbone = await orDispose(network, () => filledBackbone(config, featuresState, options));
  return networksOf(network, backbone);
}

async function readState(
  source: FileSource,
  { file, sha256 }: Manifest['unet'],
  architecture: Record<string, unknown>,
) {
  const name = pathIn(source, file);
  return { name, stateDict: await parseWeights(await source.read(file), { name, architecture, sha256 }) };
}
