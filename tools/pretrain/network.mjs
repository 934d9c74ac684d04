import { backbones, embedded } from '@ddad/features';
import { readStateDict } from '@ddad/weights';

/**
 * A network by text, as transfer.mjs takes it: `name`, `name=weights` or `label:name=weights`. It gives layer2 and layer3 of
 * a ResNet.
 */
export async function open(text) {
  const [, given, name, path] = /^(?:(.+?):)?(\w+)(?:=(.+))?$/.exec(text) ?? [];
  if (!Object.hasOwn(backbones, name ?? '')) {
    throw new Error(`--network: needs one of ${Object.keys(backbones).join(', ')}, got ${text}`);
  }
  const layers = name === 'efficientnet_lite0' ? undefined : ['layer2', 'layer3'];
  const label = given ?? name;
  if (name === 'embedded' && !path) return { label, backbone: await embedded({ layers }) };
  const backbone = backbones[name]({ layers });
  if (path) backbone.loadStateDict(await readStateDict(path), { strict: false });
  return { label, backbone };
}
