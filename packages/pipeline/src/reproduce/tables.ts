import type { PageTable, TableCell } from '@ddad/report';
import { metricNames } from '../evaluation/metric-names.js';
import { csv } from '../io/csv.js';
import { markdownTable } from '../io/markdown-table.js';
import type { Compared, MetricName, Reproduction } from './summary.js';

/** Compared with the paper's, in its order; AUPRO is exact, beside the PRO of the reference. */
const shown: MetricName[] = ['imageAuroc', 'pixelAuroc', 'referencePro', 'aupro'];
/** Beside them where there is the SegF1: those of MVTec AD 2. */
const shownOfMvtec2: MetricName[] = ['aupro05', 'segF1'];

/** Ours, the paper's, the difference: percent, as the paper has it. */
export function comparisonTable(reproduction: Reproduction): PageTable {
  const { categories, means, dataset } = reproduction;
  const has = (key: MetricName, part: keyof Compared) =>
    categories.some(({ metrics }) => metrics[key]?.[part] !== undefined);
  const all = has('segF1', 'ours') ? [...shown, ...shownOfMvtec2] : shown;
  const keys = all.filter((key) => has(key, 'ours') || has(key, 'paper'));
  const withPaper = keys.filter((key) => has(key, 'paper'));
  const columns = keys.flatMap((key) => {
    const name = metricNames[key];
    return withPaper.includes(key) ? [`${name}, ours`, 'paper', 'difference'] : [`${name}, ours`];
  });
  const cells = (metrics: Partial<Record<MetricName, Compared>>) =>
    keys.flatMap((key) => {
      const { ours, paper, difference } = metrics[key] ?? {};
      const own = ours ? withDeviation(ours) : '–';
      if (!withPaper.includes(key)) return [own];
      return [own, paper === undefined ? '–' : percent(paper, 1), signed(difference)];
    });
  return {
    title: withPaper.length ? `${dataset}: ours and the paper's` : dataset,
    header: ['Category', ...columns, 'runs'],
    rows: categories.map(({ category, metrics, runs }) => [
      category,
      ...cells(metrics),
      `${runs.filter(({ state }) => state === 'finished').length} of ${runs.length}`,
    ]),
    footer: ['Mean', ...cells(means), ''],
  };
}

/** Every run with its page. */
export function runsTable({ categories, seeds }: Reproduction): PageTable {
  return {
    title: 'Reports',
    header: ['Category', ...seeds.map((seed) => `seed ${seed}`)],
    rows: categories.map(({ category, runs }) => [
      category,
      ...seeds.map((seed): TableCell => {
        const run = runs.find((each) => each.seed === seed);
        if (run?.state !== 'finished') return run?.state ?? '–';
        const href = run.report?.split('/').map(encodeURIComponent).join('/');
        return [{ text: run.metrics?.imageAuroc?.toFixed(4) ?? 'finished', href }];
      }),
    ]),
  };
}

/** What stands around the table: what was run, and what was not. */
export function notesOf(reproduction: Reproduction): string[] {
  const { preset, release, seeds, budget, categories, means, failed, missing, cut } = reproduction;
  const engines = [...new Set(categories.flatMap(({ runs }) => runs.flatMap(({ engine }) => engine ?? [])))];
  const isPublished = categories.some(({ metrics }) => Object.values(metrics).some((each) => each.paper));
  const incomplete = Object.values(means).some((mean) => mean.categories < categories.length);
  return [
    `Preset ${preset}, seeds ${seeds.join(', ')}${engines.length ? `, engine ${engines.join(', ')}` : ''}. ` +
      'Percent, mean ± standard deviation over the seeds.',
    ...(isPublished
      ? [
          `Paper: what the DDAD authors publish with their ${release === 'latest' ? 'latest code and its settings per category' : 'first release'}; ` +
            "its PRO is the reference's.",
        ]
      : []),
    ...categories.flatMap(({ category, otherImages }) =>
      otherImages
        ? [`Not the published set: ${category} has ${otherImages}; the paper's results are left out.`]
        : [],
    ),
    ...(incomplete ? ["Means are of the categories that have a value, the paper's of the same ones."] : []),
    ...(budget === null
      ? []
      : [
          `Within a budget of ${budget} s: ${cut.length || missing.length ? 'cut short, these are not the results of the settings' : 'nothing was cut'}.`,
        ]),
    ...cut.map((line) => `Cut: ${line}.`),
    ...missing.map((line) => `Missing: ${line}.`),
    ...failed.map((line) => `Failed: ${line}.`),
  ];
}

/** The table as Markdown. */
export function reproductionMarkdown(reproduction: Reproduction): string {
  const table = comparisonTable(reproduction);
  const notes = notesOf(reproduction);
  return `# ${table.title}\n\n${markdownTable(table)}\n${notes.map((note) => `- ${note}\n`).join('')}`;
}

/** Every number as CSV, shares in [0, 1]: a row per category and metric, and the means. */
export function reproductionCsv({ categories, means }: Reproduction): string {
  const rows = (category: string, metrics: Partial<Record<MetricName, Compared>>) =>
    (Object.keys(metricNames) as MetricName[]).flatMap((key) => {
      const { ours, paper, difference } = metrics[key] ?? {};
      if (!ours && paper === undefined) return [];
      return [
        [
          ...[category, key, ours?.mean ?? '', ours?.deviation ?? '', ours?.n ?? 0],
          ...[paper ?? '', difference ?? ''],
        ],
      ];
    });
  return csv([
    ['category', 'metric', 'ours', 'deviation', 'seeds', 'paper', 'difference'],
    ...categories.flatMap(({ category, metrics }) => rows(category, metrics)),
    ...rows('mean', means),
  ]);
}

function withDeviation({ mean, deviation }: { mean: number; deviation: number | null }): string {
  return deviation === null ? percent(mean, 2) : `${percent(mean, 2)} ± ${percent(deviation, 2)}`;
}

const percent = (share: number, digits: number): string => (100 * share).toFixed(digits);

function signed(difference: number | undefined): string {
  if (difference === undefined) return '–';
  const text = percent(difference, 2);
  return difference > 0 ? `+${text}` : text;
}
