/** Seconds that a run takes at most, for progress and signals to come. */
const mostSeconds = 4;
/** Steps and bytes of their inputs that go to the engine at once at most. */
const mostSteps = 64;
const mostBytes = 2 ** 29;

/** How many optimizer steps to take in one run of the engine. */
export interface RunLength {
  /** @param limits.seconds until something is to happen between runs */
  next(limits: { seconds: number; bytesPerStep: number }): number;
  /** Tells what a run took. */
  took(run: { steps: number; seconds: number }): void;
}

/** @param stepsPerRun always so many. @default as many as take about four seconds */
export function runLength(stepsPerRun?: number): RunLength {
  let runs = 0;
  let secondsPerStep = Number.POSITIVE_INFINITY;
  return {
    next({ seconds, bytesPerStep }) {
      if (stepsPerRun !== undefined) return stepsPerRun;
      const fit = Math.min(Math.min(mostSeconds, seconds) / secondsPerStep, mostBytes / bytesPerStep);
      return Math.max(1, Math.min(mostSteps, Math.floor(fit)));
    },
    took({ steps, seconds }) {
      // in the first run the graph is traced and loaded
      if (runs++ > 0) secondsPerStep = seconds / steps;
    },
  };
}
