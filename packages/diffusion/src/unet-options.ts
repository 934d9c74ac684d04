import { checkOptions } from '@ddad/options';

export interface UNetOptions {
  /** Side of the square input, in pixels. */
  imageSize: number;
  /** Channels at multiplier 1; DDAD has 64, DDAD-S 32. */
  baseChannels: number;
  /** Channels of the image. @default 3 */
  inChannels?: number;
  /** Attention heads. @default 4 */
  heads?: number;
  /** Channels per head; -1: `heads` heads everywhere. @default -1 */
  headChannels?: number;
  /** Dropout rate while training; DDAD has 0, DDAD-S 0.3. @default 0 */
  dropout?: number;
  /** Channels of each level / baseChannels. @default by imageSize / patch: 32, 64, 128, 256 and 512 have one */
  channelMultipliers?: readonly number[];
  /** Residual blocks per level on the way down; one more on the way up. @default 2 */
  resBlocks?: number;
  /**
   * Resolutions with attention: it stands where the downsampling factor is `floor(imageSize / patch / r)`. The middle
   * always has it.
   *
   * @default [32, 16, 8]
   */
  attentionResolutions?: readonly number[];
  /**
   * Side of the squares of pixels that enter as one position with all their channels (space to depth) and leave again as
   * pixels: the network works at `imageSize / patch`, at the cost of that size. @default 1
   */
  patch?: number;
  /**
   * Components of a Gaussian model of good pictures that the network starts from, set by `UNet.setGaussian` and kept in
   * the state dict; the network learns what the model does not know. @default 0, no such model
   */
  gaussianComponents?: number;
  /** Of the initial weights. @default 0 */
  seed?: number;
}

export type ResolvedUNetOptions = Required<UNetOptions>;

const multipliersBySize: Record<number, readonly number[]> = {
  512: [0.5, 1, 1, 2, 2, 4, 4],
  256: [1, 1, 2, 2, 4, 4],
  128: [1, 1, 2, 3, 4],
  64: [1, 2, 3, 4],
  32: [1, 2, 3, 4],
};

/** Fills in defaults and refuses sizes that cannot be built. */
export function resolveUNetOptions(options: UNetOptions): ResolvedUNetOptions {
  checkOptions('UNet', options, {
    imageSize: true,
    baseChannels: true,
    inChannels: true,
    heads: true,
    headChannels: true,
    dropout: true,
    channelMultipliers: true,
    resBlocks: true,
    attentionResolutions: true,
    patch: true,
    gaussianComponents: true,
    seed: true,
  });
  const {
    imageSize,
    baseChannels,
    inChannels = 3,
    heads = 4,
    headChannels = -1,
    dropout = 0,
    patch = 1,
    gaussianComponents = 0,
    channelMultipliers = multipliersBySize[imageSize / patch],
    resBlocks = 2,
    attentionResolutions = [32, 16, 8],
    seed = 0,
  } = options;
  const whole = { imageSize, baseChannels, inChannels, heads, resBlocks, patch };
  for (const [name, value] of Object.entries(whole)) {
    if (!(Number.isInteger(value) && value >= 1)) {
      throw new Error(`UNet: needs ${name} to be a whole number >= 1, got ${value}`);
    }
  }
  if (headChannels !== -1 && !(Number.isInteger(headChannels) && headChannels >= 1)) {
    throw new Error(`UNet: needs headChannels to be -1 or a whole number >= 1, got ${headChannels}`);
  }
  const unusable = attentionResolutions.find((r) => !(Number.isInteger(r) && r >= 1));
  if (unusable !== undefined) {
    throw new Error(`UNet: needs attentionResolutions to be whole numbers >= 1, got ${unusable}`);
  }
  if (!(Number.isInteger(gaussianComponents) && gaussianComponents >= 0)) {
    throw new Error(`UNet: needs gaussianComponents to be a whole number >= 0, got ${gaussianComponents}`);
  }
  if (!(dropout >= 0 && dropout < 1)) throw new Error(`UNet: needs dropout in [0, 1), got ${dropout}`);
  if (!channelMultipliers) {
    const known = Object.keys(multipliersBySize).join(', ');
    throw new Error(
      `UNet: no default channelMultipliers for imageSize ${imageSize}${patch > 1 ? ` in patches of ${patch}` : ''} (known: ${known}); pass channelMultipliers`,
    );
  }
  if (channelMultipliers.length === 0)
    throw new Error('UNet: needs at least one channel multiplier, got none');
  const factor = patch * 2 ** (channelMultipliers.length - 1);
  if (imageSize % factor !== 0) {
    throw new Error(
      `UNet: ${channelMultipliers.length} levels${patch > 1 ? ` of patches of ${patch}` : ''} need an imageSize divisible by ${factor}, got ${imageSize}`,
    );
  }
  if (baseChannels % 2 !== 0)
    throw new Error(`UNet: needs an even number of baseChannels, got ${baseChannels}`);
  channelMultipliers.forEach((multiplier, level) => {
    const channels = baseChannels * multiplier;
    if (!(Number.isInteger(channels) && channels > 0 && channels % 32 === 0)) {
      throw new Error(
        `UNet: level ${level} would have ${channels} channels (${multiplier} x ${baseChannels}), but group ` +
          'normalisation needs a multiple of 32; use other baseChannels or channelMultipliers',
      );
    }
    if (headChannels === -1 ? channels % heads : channels % headChannels) {
      throw new Error(
        `UNet: level ${level} has ${channels} channels, not divisible by ` +
          (headChannels === -1 ? `${heads} heads` : `headChannels ${headChannels}`),
      );
    }
  });
  return {
    imageSize,
    baseChannels,
    inChannels,
    heads,
    headChannels,
    dropout,
    channelMultipliers,
    resBlocks,
    attentionResolutions,
    patch,
    gaussianComponents,
    seed,
  };
}
