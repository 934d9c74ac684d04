import { CommanderError } from 'commander';
import { asCommandLine } from './as-command-line.js';
import { interruptedExitCode } from './interrupt.js';
import { createProgram } from './program.js';

/**
 * Runs the command line.
 *
 * @param argv arguments without the program's name @default process.argv.slice(2)
 * @returns the exit code: 0 done, 1 a fault of the program, 2 wrong input, 3 what was asked to fail at was there, 130 interrupted
 */
export async function main(argv: string[] = process.argv.slice(2)): Promise<number> {
  // A reader that closes the pipe early (`ddad ... | head`) is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  try {
    await createProgram().parseAsync(argv.length ? argv : ['--help'], { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    // Commander has written its message already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    return report(error as Error, argv.includes('--verbose'));
  }
}

function report(error: Error, verbose: boolean): number {
  const { exitCode, line } = describe(error);
  process.stderr.write(`${line}\n`);
  if (verbose) {
    for (let e: unknown = error; e instanceof Error; e = e.cause) process.stderr.write(`${e.stack}\n`);
  } else if (exitCode === 1) {
    process.stderr.write('This is a fault of ddad, not of your input; --verbose shows where.\n');
  }
  return exitCode;
}

function describe(error: Error): { exitCode: number; line: string } {
  const text = String(error.message).replaceAll(/\s*\n\s*/g, ' ');
  // By name: to ask DdadError itself would load the pipeline, which --help and wrong options do without.
  const isUsers = error.name === 'UserError' || error.name === 'InterruptedError';
  const line = `ddad: ${isUsers ? asCommandLine(text) : text}`;
  if (error.name === 'UserError') return { exitCode: 2, line };
  if (error.name === 'InterruptedError') return { exitCode: interruptedExitCode, line };
  // a step that knows no better word for the signal of Ctrl-C
  if (error.name === 'AbortError') return { exitCode: interruptedExitCode, line: 'ddad: interrupted' };
  return { exitCode: 1, line };
}
