/** Bounds that a genuine checkpoint stays far below and that keep a hostile one from exhausting memory. */

/** A state dict takes about 50 opcodes per tensor. */
export const maxOpcodes = 300_000;

/** torch.save does not compress, and few tensors are views that repeat their storage. */
const maxExpansion = 16;

/** The most bytes that a file of `fileBytes` may unfold to. */
export function maxUnfolded(fileBytes: number): number {
  return maxExpansion * fileBytes + 2 ** 20;
}

export function refuse(problem: string): Error {
  return new Error(`readTorch: ${problem}`);
}
