/** Throws unless there are as many labels as scores, at least one, and every label is 0 or 1. */
export function checkPairs(who: string, labels: ArrayLike<number>, scores: ArrayLike<number>): void {
  for (const [name, values] of [
    ['labels', labels],
    ['scores', scores],
  ] as const) {
    if (typeof values !== 'object' || values === null || typeof values.length !== 'number') {
      throw new Error(`${who}: needs ${name} as an array of numbers, got ${show(values)}`);
    }
  }
  if (labels.length !== scores.length) {
    throw new Error(
      `${who}: needs one label for each score, got ${labels.length} labels and ${scores.length} scores`,
    );
  }
  if (labels.length === 0) throw new Error(`${who}: needs at least one score, got none`);
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== 0 && labels[i] !== 1) {
      throw new Error(`${who}: labels must be 0 or 1, got ${show(labels[i])} at index ${i}`);
    }
  }
}

/** A value as an error names it: text is not taken for a number. */
export function show(value: unknown): string {
  if (typeof value === 'string') return `the text ${JSON.stringify(value)}; make it a number with Number()`;
  return String(value);
}
