import { UNet, type UNetOptions } from '@ddad/diffusion';
import { asUserError } from '../as-user-error.js';
import type { Config } from '../config.js';

/** Side the UNet sees, pixels. */
export function reconstructedSize({ model, data }: Pick<Config, 'model' | 'data'>): number {
  return model.imageSize ?? data.imageSize;
}

/** What decides the shapes of the UNet's weights; written beside them and compared on reading. */
export function unetArchitecture({ model, data }: Config) {
  return {
    imageSize: reconstructedSize({ model, data }),
    inChannels: data.channels,
    patch: model.patch,
    gaussianComponents: model.gaussianComponents,
    baseChannels: model.baseChannels,
    channelMultipliers: model.channelMultipliers,
    resBlocks: model.resBlocks,
    attentionResolutions: model.attentionResolutions,
    heads: model.heads,
  };
}

/**
 * The configuration's UNet with random weights.
 *
 * @throws {UserError} sizes that cannot be built
 */
export function buildUNet(config: Config): Promise<UNet> {
  const { channelMultipliers, ...architecture } = unetArchitecture(config);
  const options: UNetOptions = { ...architecture, dropout: config.model.dropout, seed: config.seed };
  if (channelMultipliers) options.channelMultipliers = channelMultipliers;
  return asUserError(() => new UNet(options), { code: 'config' });
}
