import type { Command } from 'commander';
import { type OutputOptions, withOutputOptions } from '../options.js';
import { withSession } from '../session.js';

interface ExportOptions extends OutputOptions {
  checkpoint: string;
  out: string;
  format?: string;
  batchSize?: string;
}

export function registerExport(program: Command): void {
  const command = program
    .command('export')
    .description("write a detector's networks for PyTorch, ONNX Runtime or others")
    .requiredOption('--checkpoint <folder>', 'folder of the trained detector')
    .requiredOption('--out <folder>', 'folder to write to')
    .option(
      '--format <names>',
      'torch (.pth), reference (the same, named as the DDAD reference looks for it), safetensors, onnx',
      'torch,safetensors,onnx',
    )
    .option('--batch-size <n>', 'images per run of the ONNX models (default: any number)');
  withOutputOptions(command).action(async (options: ExportOptions) => {
    await withSession(options, async ({ pipeline, output, run }) => {
      const result = await pipeline.exportDetector(options.checkpoint, {
        ...run,
        out: options.out,
        formats: options.format?.split(',').map((name) => name.trim()),
        batchSize: options.batchSize === undefined ? undefined : Number(options.batchSize),
      });
      for (const file of result.files) output.line(file);
      output.json(result);
    });
  });
}
