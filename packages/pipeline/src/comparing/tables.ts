import type { PageTable } from '@ddad/report';
import { metricNames } from '../evaluation/metric-names.js';
import { markdownTable } from '../io/markdown-table.js';
import type { Averaged } from '../reproduce/summary.js';
import type { Comparison, MetricRow } from './comparison.js';

/** The differences of settings, and a table for each metric. */
export function comparisonTables({ runs, settings, metrics }: Comparison): PageTable[] {
  const cells = ({ values, differences }: Omit<MetricRow, 'category'>) =>
    values.flatMap((value, i) => (i === 0 ? [shown(value)] : [shown(value), signed(differences[i])]));
  const header = runs.flatMap((name, i) => (i === 0 ? [name] : [name, 'difference']));
  return [
    ...(settings.length
      ? [
          {
            title: 'Settings that differ',
            header: ['Setting', ...runs],
            rows: settings.map(({ key, category, values }) => [
              category === undefined ? key : `${key} (${category})`,
              ...values.map(said),
            ]),
          },
        ]
      : []),
    ...metrics.map(({ metric, rows, mean }) => ({
      title: metricNames[metric],
      header: ['Category', ...header],
      rows: rows.map((row) => [row.category, ...cells(row)]),
      footer: mean && rows.length > 1 ? ['Mean', ...cells(mean)] : undefined,
    })),
  ];
}

/** What is not in the tables. */
export function comparisonNotes({ runs, settings, partial }: Comparison): string[] {
  return [
    `Differences are to ${runs[0]}; means are over the categories that all have.`,
    ...(settings.length ? [] : ['No setting differs.']),
    ...(partial.length ? [`Not all have ${partial.join(', ')}.`] : []),
  ];
}

/** The same as Markdown. */
export function comparisonMarkdown(comparison: Comparison): string {
  const tables = comparisonTables(comparison).map(
    (table) => `## ${table.title}\n\n${markdownTable(table)}\n`,
  );
  const notes = comparisonNotes(comparison).map((note) => `- ${note}\n`);
  return `# ${comparison.runs.join(' | ')}\n\n${notes.join('')}\n${tables.join('')}`.replace(/\n+$/, '\n');
}

function shown(value: Averaged | null): string {
  if (!value) return '–';
  const { mean, deviation } = value;
  return deviation === null ? mean.toFixed(4) : `${mean.toFixed(4)} ± ${deviation.toFixed(4)}`;
}

function signed(difference: number | null): string {
  if (difference === null) return '–';
  return difference > 0 ? `+${difference.toFixed(4)}` : difference.toFixed(4);
}

const said = (value: unknown): string =>
  value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value);
