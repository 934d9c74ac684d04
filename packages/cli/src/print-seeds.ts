import type { Averaged, SeedsSummary } from '@ddad/pipeline';
import type { Session } from './session.js';

/** What each seed has reached, the mean and the deviation, and where the detectors lie. */
export function printSeeds(
  { runs, metrics, threshold, files }: SeedsSummary,
  { pipeline, output }: Pick<Session, 'pipeline' | 'output'>,
): void {
  const row = (name: string, values: (number | undefined)[], { mean, deviation }: Averaged) => [
    name,
    ...[...values, mean, deviation ?? undefined].map((value) => value?.toFixed(4) ?? '-'),
  ];
  const names = Object.entries(pipeline.metricNames) as [keyof SeedsSummary['metrics'], string][];
  const rows = names.flatMap(([key, name]) => {
    const found = metrics[key];
    return found
      ? [
          row(
            name,
            runs.map((run) => run.metrics[key]),
            found,
          ),
        ]
      : [];
  });
  rows.push(
    row(
      'threshold',
      runs.map((run) => run.threshold),
      threshold,
    ),
  );
  output.table(rows, ['', ...runs.map(({ seed }) => `seed ${seed}`), 'mean', '±']);
  for (const { seed, checkpoints, results } of runs) {
    output.line(`Seed ${seed}: ${checkpoints}, ${results}`);
  }
  output.line(`Written: ${files.json}`);
}
