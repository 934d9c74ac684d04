import type { Report } from '@ddad/pipeline';
import type { Output } from './output.js';
import { formatSeconds } from './time-left.js';

/** A report's numbers and where its files lie. */
export function printReport(report: Report, output: Output): void {
  const { metrics, files } = report;
  const rows: [string, number | undefined][] = [
    ['image AUROC', metrics.imageAuroc],
    ['image average precision', metrics.imageAveragePrecision],
    ['image F1-max', metrics.imageF1Max],
    ['pixel AUROC', metrics.pixelAuroc],
    ['pixel average precision', metrics.pixelAveragePrecision],
    ['AUPRO', metrics.aupro],
    ['PRO as the reference computes it', metrics.referencePro],
  ];
  const known = rows.filter((row): row is [string, number] => row[1] !== undefined);
  if (known.length) output.table(known.map(([name, value]) => [name, value.toFixed(4)]));
  for (const missing of report.notReported) output.line(`not reported: ${missing}`);
  output.line(`Threshold ${report.threshold.toPrecision(6)} (${report.thresholdFrom})${verdicts(report)}.`);
  if (files.report) output.line(`Report: ${files.report}`);
  output.line(`Metrics: ${files.metrics}`);
  output.line(`Done in ${formatSeconds(report.seconds)}.`);
}

function verdicts({ confusion }: Report): string {
  if (!confusion) return '';
  const { tp, fp, tn, fn } = confusion;
  return `: ${tp} of ${tp + fn} anomalous images detected, ${fp} false alarms in ${fp + tn} good ones`;
}
