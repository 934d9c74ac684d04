import type { CollectedFiles, Reproduction } from '@ddad/pipeline';
import type { Output } from './output.js';

/** The table of a reproduction, what is not in it, and where the files lie. */
export function printReproduction(
  { categories, means, failed, missing, cut }: Reproduction,
  { output, files }: { output: Output; files: CollectedFiles },
): void {
  const shown = { imageAuroc: 'image AUROC', pixelAuroc: 'pixel AUROC', referencePro: 'PRO' } as const;
  const keys = (Object.keys(shown) as (keyof typeof shown)[]).filter((key) => means[key]);
  const percent = (share: number | undefined) => (share === undefined ? '-' : (100 * share).toFixed(1));
  const cells = (metrics: Reproduction['means'] | Reproduction['categories'][number]['metrics']) =>
    keys.flatMap((key) => {
      const { ours, paper, difference } = metrics[key] ?? {};
      return [
        percent(ours?.mean),
        percent(ours?.deviation ?? undefined),
        percent(paper),
        percent(difference),
      ];
    });
  if (keys.length) {
    output.table(
      [
        ...categories.map(({ category, metrics }) => [category, ...cells(metrics)]),
        ['mean', ...cells(means)],
      ],
      ['', ...keys.flatMap((key) => [shown[key], '±', 'paper', 'diff.'])],
    );
  }
  for (const { category, otherImages } of categories) {
    if (otherImages) output.line(`Not the published set: ${category} has ${otherImages}`);
  }
  for (const line of cut) output.line(`Cut: ${line}`);
  for (const line of missing) output.line(`Missing: ${line}`);
  for (const line of failed) output.line(`Failed: ${line}`);
  output.line(`Table: ${files.markdown}, ${files.csv}, ${files.json}`);
  output.line(`Reports: ${files.index}`);
}
