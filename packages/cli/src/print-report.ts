import type { Report } from '@ddad/pipeline';
import { asCommandLine } from './as-command-line.js';
import type { Session } from './session.js';
import { formatSeconds } from './time-left.js';

/** A report's numbers and where its files lie. */
export function printReport(
  report: Report,
  { pipeline, output }: Pick<Session, 'pipeline' | 'output'>,
): void {
  const { metrics, files } = report;
  const known = Object.entries(pipeline.named(metrics));
  if (known.length) output.table(known.map(([name, value]) => [name, value.toFixed(4)]));
  for (const missing of report.notReported) output.line(`not reported: ${asCommandLine(missing)}`);
  output.line(`Threshold ${report.threshold.toPrecision(6)} (${report.thresholdFrom})${verdicts(report)}.`);
  if (report.certainty) {
    for (const line of pipeline.describeCertainty(report.certainty)) output.line(asCommandLine(line));
  }
  for (const line of pipeline.describeForeign(report.images)) output.line(line);
  if (files.report) output.line(`Report: ${files.report}`);
  output.line(`Metrics: ${files.metrics}`);
  if (files.submission) output.line(`Submission: ${files.submission}`);
  output.line(`Done in ${formatSeconds(report.seconds)}.`);
}

function verdicts({ confusion }: Report): string {
  if (!confusion) return '';
  const { tp, fp, tn, fn } = confusion;
  return `: ${tp} of ${tp + fn} anomalous images detected, ${fp} false alarms in ${fp + tn} good ones`;
}
