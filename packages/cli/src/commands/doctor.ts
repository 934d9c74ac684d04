import type { Command } from 'commander';
import { ranges } from '../number-ranges.js';
import { type ConfigOptions, withConfigOptions, withFolder, withRoot } from '../options.js';
import { sayPlan, withConfig } from '../session.js';

export function registerDoctor(program: Command): void {
  const command = program
    .command('doctor')
    .description('check a data set before training on it; exit code 1 if something must be mended');
  withFolder(command, { out: false });
  withConfigOptions(command, [
    ...(['preset', 'kind', 'root', 'category', 'imageSize', 'steps', 'seed'] as const),
  ]).action(async (folder: string | undefined, options: ConfigOptions) => {
    await withConfig(
      withRoot(command, folder, options),
      async ({ pipeline, config, output, notice, run }) => {
        const report = await pipeline.doctor(config, run);
        for (const [split, defects] of Object.entries(report.counts)) {
          const parts = Object.entries(defects).map(([defect, count]) => `${count} ${defect}`);
          output.line(`${split}: ${parts.join(', ')}`);
        }
        for (const [size, count] of Object.entries(report.sizes)) output.line(`${count} images of ${size}`);
        for (const [channels, count] of Object.entries(report.channels)) {
          output.line(`${count} images ${channels === '1' ? 'gray' : 'in colour'}`);
        }
        const { files, values } = report.masks;
        if (files) output.line(`${files} masks with the values ${ranges(values)}`);
        for (const { severity, message, remedy, paths } of report.problems) {
          output.line(`${severity}: ${message}`);
          const named = paths.filter((path) => path !== '.');
          for (const path of named.slice(0, 5)) output.line(`  ${path}`);
          if (named.length > 5) output.line(`  ... and ${named.length - 5} more`);
          output.line(`  ${remedy}`);
        }
        if (!report.problems.length) output.line('Nothing is wrong.');
        if (report.ok) await sayPlan({ pipeline, notice, config });
        output.json(report);
        if (!report.ok) process.exitCode = 1;
      },
    );
  });
}
