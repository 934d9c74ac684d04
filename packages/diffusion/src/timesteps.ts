/** reversed(range(0, start, skip)) */
export function everySkip(start: number, skip: number): number[] {
  const times: number[] = [];
  for (let i = 0; i < start; i += skip) times.unshift(i);
  return times;
}

/** start, ..., start / steps */
export function evenly(start: number, steps: number): number[] {
  return Array.from({ length: steps }, (_, k) => Math.round((start * (steps - k)) / steps));
}
