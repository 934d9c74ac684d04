import type { ConfigInput } from '../config/schema.js';

/** Everything that decides what the demo does and how long it takes. */
export const demoSettings = {
  synthetic: {
    category: 'weave',
    seed: 7,
    /** Side of the images on disk, pixels. */
    size: 64,
    counts: { train: 96, testGood: 18, testDefect: 36 },
  },
  config: {
    preset: 'small',
    seed: 42,
    data: { kind: 'mvtec', name: 'synthetic', imageSize: 64 },
    model: {
      baseChannels: 32,
      channelMultipliers: [1, 2, 2],
      resBlocks: 1,
      attentionResolutions: [16],
      heads: 2,
      w: 4,
      // features of random weights see a defect less than trained ones do
      v: 7,
      start: 250,
      skip: 50,
    },
    training: { steps: 450, batchSize: 8 },
    memory: { vectors: 1000, candidates: 10_000 },
    features: { backbone: 'resnet18', weights: 'random' },
    adaptation: { epochs: 1, batchSize: 16 },
    scoring: { normalization: 'robust', batchSize: 9 },
  },
} as const satisfies { synthetic: object; config: ConfigInput };
