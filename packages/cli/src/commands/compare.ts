import type { Command } from 'commander';
import { type OutputOptions, withOutputOptions } from '../options.js';
import { withSession } from '../session.js';

export function registerCompare(program: Command): void {
  const command = program
    .command('compare')
    .description('put results side by side: the settings that differ, and each metric of each category')
    .argument(
      '<results...>',
      'two or more: results folders of runs or of several categories, or folders of reproductions; the first is compared with',
    )
    .option('--out <folder>', 'write comparison.md, comparison.json and comparison.html there');
  withOutputOptions(command).action(async (results: string[], options: OutputOptions & { out?: string }) => {
    await withSession(options, async ({ pipeline, output }) => {
      const { comparison, files } = await pipeline.compareRuns(results, { out: options.out });
      for (const { title, header, rows, footer } of pipeline.comparisonTables(comparison)) {
        output.line(title);
        const texts = [...rows, ...(footer ? [footer] : [])].map((row) => row.map(String));
        output.table(texts, [...header]);
        output.line();
      }
      for (const note of pipeline.comparisonNotes(comparison)) output.line(note);
      if (files) output.line(`Written: ${Object.values(files).join(', ')}`);
      output.json({ ...comparison, ...(files && { files }) });
    });
  });
}
