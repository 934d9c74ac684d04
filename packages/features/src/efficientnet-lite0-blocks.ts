/** Repeats, kernel, stride of the first, expansion, output channels (efficientnet-lite0 of TensorFlow's TPU models). */
const stages = [
  [1, 3, 1, 1, 16],
  [2, 3, 2, 6, 24],
  [2, 5, 2, 6, 40],
  [3, 3, 2, 6, 80],
  [3, 5, 1, 6, 112],
  [4, 5, 2, 6, 192],
  [1, 3, 1, 6, 320],
] as const;

export const blocks = stages.flatMap(([repeats, kernelSize, stride, expansion, outChannels]) =>
  Array.from({ length: repeats }, (_, i) => ({
    kernelSize,
    stride: i === 0 ? stride : 1,
    expansion,
    outChannels,
  })),
);
