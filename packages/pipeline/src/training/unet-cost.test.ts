import { UNet } from '@ddad/diffusion';
import { expect, test } from 'vitest';
import { unetCost } from './unet-cost.js';

test.each([
  [64, 32, 1, [1, 2, 2, 2]],
  [64, 64, 2, [1, 2, 3, 4]],
  [128, 32, 2, [1, 1, 2, 3, 4]],
])(
  'a UNet of %i pixels and %i channels has about the parameters counted',
  (imageSize, baseChannels, resBlocks, channelMultipliers) => {
    const shape = { imageSize, baseChannels, resBlocks, channelMultipliers };
    const unet = new UNet({ ...shape, attentionResolutions: [16, 8] });
    const { parameters } = unetCost(shape);
    expect(parameters / unet.parameterCount).toBeGreaterThan(0.94);
    expect(parameters / unet.parameterCount).toBeLessThan(1.03);
    unet.dispose();
  },
);
