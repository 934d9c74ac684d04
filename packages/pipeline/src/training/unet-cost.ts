/** What decides the size of a UNet. */
export interface UNetShape {
  imageSize: number;
  baseChannels: number;
  channelMultipliers: readonly number[];
  resBlocks: number;
  /** Side of the squares of pixels that are one position. @default 1 */
  patch?: number;
}

/** What a UNet takes for one image, forward. */
export interface UNetCost {
  /** Numbers it learns. */
  parameters: number;
  /** Multiplications with an addition. */
  multiplyAdds: number;
  /** Numbers its convolutions give. */
  activations: number;
}

/** Counts the convolutions of a UNet, without building it; norms and attention, which are small beside them, left out. */
export function unetCost({
  imageSize,
  baseChannels,
  channelMultipliers,
  resBlocks,
  patch = 1,
}: UNetShape): UNetCost {
  const cost: UNetCost = { parameters: 0, multiplyAdds: 0, activations: 0 };
  const add = (parameters: number, outputs: number, pixels: number) => {
    cost.parameters += parameters;
    cost.multiplyAdds += parameters * pixels;
    cost.activations += outputs * pixels;
  };
  const embedding = 4 * baseChannels;
  const block = (from: number, to: number, pixels: number) => {
    add(9 * from * to, to, pixels);
    add(9 * to * to, to, pixels);
    if (from !== to) add(from * to, to, pixels);
    cost.parameters += embedding * 2 * to;
  };
  const pixelsAt = (level: number) => (imageSize / patch / 2 ** level) ** 2;
  const widths = channelMultipliers.map((multiplier) => baseChannels * multiplier);
  cost.parameters += baseChannels * embedding + embedding ** 2;

  let channels = widths[0]!;
  add(9 * 3 * patch ** 2 * channels, channels, pixelsAt(0));
  const skips = [channels];
  widths.forEach((width, level) => {
    for (let i = 0; i < resBlocks; i++) {
      block(channels, width, pixelsAt(level));
      channels = width;
      skips.push(channels);
    }
    if (level === widths.length - 1) return;
    block(channels, channels, pixelsAt(level + 1));
    skips.push(channels);
  });
  for (let i = 0; i < 2; i++) block(channels, channels, pixelsAt(widths.length - 1));
  for (let level = widths.length - 1; level >= 0; level--) {
    const width = widths[level]!;
    for (let i = 0; i <= resBlocks; i++) {
      block(channels + skips.pop()!, width, pixelsAt(level));
      channels = width;
    }
    if (level > 0) block(width, width, pixelsAt(level - 1));
  }
  add(9 * 3 * channels, 3, pixelsAt(0));
  return cost;
}
