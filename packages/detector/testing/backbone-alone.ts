import { type Config, emptyBackbone, type Networks, networksOf } from '../src/index.js';

/** Networks of an extractor with random weights alone. */
export async function backboneAlone(config: Config): Promise<Networks> {
  return networksOf({ backbone: await emptyBackbone(config) });
}
