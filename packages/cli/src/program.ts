import { Command } from 'commander';
import { registerAdapt } from './commands/adapt.js';
import { registerCalibrate } from './commands/calibrate.js';
import { registerCompare } from './commands/compare.js';
import { registerDemo } from './commands/demo.js';
import { registerDetect } from './commands/detect.js';
import { registerDoctor } from './commands/doctor.js';
import { registerDownload } from './commands/download.js';
import { registerEngines } from './commands/engines.js';
import { registerEval } from './commands/eval.js';
import { registerExport } from './commands/export.js';
import { registerInit } from './commands/init.js';
import { registerPrepare } from './commands/prepare.js';
import { registerReproduce } from './commands/reproduce.js';
import { registerRun } from './commands/run.js';
import { registerServe } from './commands/serve.js';
import { registerSynth } from './commands/synth.js';
import { registerTrain } from './commands/train.js';
import { registerTune } from './commands/tune.js';
import { registerWatch } from './commands/watch.js';
import { plainError } from './plain-error.js';
import { version } from './version.js';

/**
 * The command tree; commands inherit the settings made here. They import what they need when they run: `--help`
 * loads none of it.
 */
export function createProgram(): Command {
  const program = new Command('ddad')
    .description('Anomaly detection with conditioned denoising diffusion models.')
    .version(version)
    .enablePositionalOptions() // what follows a command is the command's
    .helpCommand(false)
    .exitOverride()
    .allowExcessArguments(false)
    .showHelpAfterError(false)
    .configureHelp({ minWidthToWrap: 20 })
    .configureOutput({
      outputError: (text, write) => write(`ddad: ${plainError(text)}\n`),
    })
    .addHelpText(
      'after',
      `
Start with:
  ddad demo
Your images:
  ddad run photos
  ddad detect --checkpoint checkpoints/photos new.jpg`,
    );
  for (const register of [
    registerDemo,
    registerSynth,
    registerInit,
    registerRun,
    registerTrain,
    registerAdapt,
    registerEval,
    registerReproduce,
    registerCompare,
    registerDetect,
    registerCalibrate,
    registerTune,
    registerServe,
    registerWatch,
    registerDownload,
    registerPrepare,
    registerExport,
    registerDoctor,
    registerEngines,
  ]) {
    register(program);
  }
  return program;
}
