/** Throws unless there are as many labels as scores, at least one, and every label is 0 or 1. */
export function checkPairs(who: string, labels: ArrayLike<number>, scores: ArrayLike<number>): void {
  if (labels.length !== scores.length) {
    throw new Error(
      `${who}: needs one label for each score, got ${labels.length} labels and ${scores.length} scores`,
    );
  }
  if (labels.length === 0) throw new Error(`${who}: needs at least one score, got none`);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1) {
      throw new Error(`${who}: labels must be 0 or 1, got ${labels[i]} at index ${i}`);
    }
  }
}
