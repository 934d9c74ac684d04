import { auroc, averagePrecision, f1Max } from '@ddad/metrics';
import { escapeText } from '../escape.js';
import { formatMetric, formatName } from '../format.js';
import type { ReportOptions } from '../report-options.js';

/** The metrics with the baselines beside them; empty when there is nothing to show. */
export function metricsTable({ metrics, baselines = {}, images }: ReportOptions): string {
  const own = metrics ?? imageMetrics(images);
  const methods = Object.entries(baselines);
  const keys = [...new Set([own, ...Object.values(baselines)].flatMap((m) => Object.keys(m)))];
  if (keys.length === 0) return '';
  const cell = (value: number | undefined) => `<td>${value === undefined ? '–' : formatMetric(value)}</td>`;
  const rows = keys.map(
    (key) =>
      `<tr><th scope="row">${escapeText(formatName(key))}</th>${cell(own[key])}${methods.map(([, m]) => cell(m[key])).join('')}</tr>`,
  );
  const heads = ['this run', ...methods.map(([name]) => name)].map(
    (name) => `<th scope="col">${escapeText(name)}</th>`,
  );
  return (
    `<section aria-labelledby="metrics"><h2 id="metrics">Metrics</h2><div class="scroll" tabindex="0" role="group" aria-labelledby="metrics">` +
    `<table class="numbers"><thead><tr><th scope="col">Metric</th>${heads.join('')}</tr></thead>` +
    `<tbody>${rows.join('')}</tbody></table></div></section>`
  );
}

function imageMetrics(images: ReportOptions['images']): Record<string, number> {
  const labelled = images.filter((i) => i.label !== undefined);
  const labels = labelled.map((i) => i.label as number);
  const scores = labelled.map((i) => i.score);
  if (new Set(labels).size < 2) return {};
  return {
    imageAuroc: auroc(labels, scores),
    imageAveragePrecision: averagePrecision(labels, scores),
    imageF1Max: f1Max(labels, scores).f1,
  };
}
