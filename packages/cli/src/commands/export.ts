import type { Command } from 'commander';
import { type OutputOptions, withOutputOptions } from '../options.js';
import { withSession } from '../session.js';

interface ExportOptions extends OutputOptions {
  checkpoint: string;
  out?: string;
  format?: string;
  bundle?: string;
  withOnnx?: boolean;
  batchSize?: string;
}

export function registerExport(program: Command): void {
  const command = program
    .command('export')
    .description('write a detector as one file, or its networks for PyTorch, ONNX Runtime or others')
    .requiredOption('--checkpoint <folder>', 'folder of the trained detector, or a bundle')
    .option('--bundle <file>', 'write the detector as one file, *.ddad, which --checkpoint takes anywhere')
    .option('--with-onnx', 'put it into the bundle as an ONNX model too, for programs in other languages')
    .option('--out <folder>', 'write its networks to this folder, in the formats of --format')
    .option(
      '--format <names>',
      'torch (.pth), reference (the same, named as the DDAD reference looks for it), safetensors, onnx ' +
        '(default: torch,safetensors,onnx)',
    )
    .option(
      '--batch-size <n>',
      'images per run of the ONNX models (default: any number, 1 of the whole detector)',
    );
  withOutputOptions(command).action(async (options: ExportOptions) => {
    if (options.out === undefined && options.bundle === undefined) {
      command.error('error: needs a file (--bundle) or a folder (--out) to write to');
    }
    await withSession(options, async ({ pipeline, output, run }) => {
      const result = await pipeline.exportDetector(options.checkpoint, {
        ...run,
        out: options.out,
        bundle: options.bundle,
        withOnnx: options.withOnnx,
        formats: options.format?.split(',').map((name) => name.trim()),
        batchSize: options.batchSize === undefined ? undefined : Number(options.batchSize),
      });
      for (const file of result.files) output.line(file);
      output.json(result);
    });
  });
}
