import type { Config } from '../config/schema.js';
import { programMemory } from './training-cost.js';

/**
 * Bytes, as measured, beside the program: by pixel what the extractor needs for the images that go through it at once, and what is
 * kept of an image, decoded and judged; and copies of the features that a memory is chosen from.
 */
const bytes = { perPixel: 700, perPixelJudged: 20, copies: 6.2 };

/** Sides of the cells that a memory is searched for, and bytes of a number. */
const search = { stride: 8, bytes: 4 };

/**
 * Bytes at the peak of what comes before and after a training: all images are kept, decoded; the extractor sees them at their
 * full size, a memory is chosen from the features of many cells and searched for every cell of one. Within a fifth.
 *
 * @param train images that a memory is made from
 * @param test images judged afterwards
 */
export function judgingMemory(config: Config, { train, test }: { train: number; test: number }): number {
  const { data, memory } = config;
  const pixels = data.imageSize ** 2;
  const cells = pixels / search.stride ** 2;
  const candidates = memory.vectors > 0 ? Math.min(memory.candidates, train * cells) : 0;
  const remembering = bytes.copies * candidates * rememberedChannels(config) * search.bytes;
  const searching = cells * memory.vectors * search.bytes;
  const decoded = (train + test) * pixels * data.channels;
  const judged = test * pixels * bytes.perPixelJudged;
  return programMemory + bytes.perPixel * pixels + decoded + Math.max(remembering, searching + judged);
}

/** Channels of the two layers that are remembered, of the extractors that there are. */
function rememberedChannels({ features: { backbone, weights } }: Config): number {
  if (backbone === 'efficientnet_lite0') return 40 + 112;
  if (backbone === 'embedded' || weights === 'embedded' || weights === 'auto') return 80 + 160;
  return backbone === 'resnet18' || backbone === 'resnet34' ? 128 + 256 : 512 + 1024;
}
