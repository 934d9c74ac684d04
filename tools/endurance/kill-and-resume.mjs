// Kills a training (and then an adaptation) with SIGKILL at random moments, resumes it each time, and compares what it
// ends with, byte by byte, with what an undisturbed run leaves.
// Usage: node tools/endurance/kill-and-resume.mjs [kills of the training, default 20] [seed]
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { deriveSeed, uniform } from '@ddad/nn';

const [kills = 20, seed = 1] = process.argv.slice(2).map(Number);
const bin = fileURLToPath(new URL('../../packages/ddad/dist/bin.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'kill-and-resume-'));
const steps = 1000;

const settings = [
  '--engine=ort',
  `--root=${folder}/data`,
  '--category=weave',
  '--set=data.imageSize=16',
  '--set=model.channelMultipliers=[1]',
  '--set=model.attentionResolutions=[]',
  '--set=model.dropout=0.1',
  '--set=model.start=100',
  '--set=model.skip=50',
  '--set=threads=1',
  `--set=training.steps=${steps}`,
  '--set=training.batchSize=4',
  '--set=training.ema=0.9',
  '--set=training.saveEvery=1',
  '--set=training.validateEvery=20',
  '--set=scoring.sigma=1',
  '--set=adaptation.epochs=12',
  '--set=adaptation.batchSize=8',
];
const args = (command, checkpoints, ...more) => [
  bin,
  command,
  ...settings,
  `--set=output.checkpoints=${checkpoints}`,
  ...more,
];

function finish(command, checkpoints, ...more) {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args(command, checkpoints, ...more), {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${command} ends with ${status}: ${stderr}`);
  return performance.now() - began;
}

/** Starts a command, kills it after `ms`; false if it ended before. */
async function killAfter(ms, command, checkpoints) {
  const child = spawn(process.execPath, args(command, checkpoints, '--resume'), { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.on('exit', (_, signal) => resolve(signal)));
  await Promise.race([setTimeout(ms), ended]);
  child.kill('SIGKILL');
  return (await ended) === 'SIGKILL';
}

const progress = (checkpoints, name) => {
  const path = join(checkpoints, `${name}.json`);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { step: 0 };
};

/**
 * Kills a command `count` times at random moments, each time resuming it, and then lets it end. One that ends before it
 * was killed often enough is compared, and another begins where the first did.
 */
async function disturb(command, { whole, checkpoints, state, count, longest }) {
  const before = `${checkpoints}-before`;
  cpSync(checkpoints, before, { recursive: true });
  const delays = uniform(deriveSeed(seed, count), 10 * count);
  let killed = 0;
  for (const delay of delays) {
    if (killed === count) break;
    const ms = 300 + delay * longest;
    if (await killAfter(ms, command, checkpoints)) {
      killed++;
      const left = readdirSync(checkpoints).filter((name) => name.endsWith('.tmp')).length;
      console.log(
        `${command} killed after ${(ms / 1000).toFixed(2)} s, at or after step ${progress(checkpoints, state).step}` +
          `${left ? `, ${left} unfinished file` : ''}`,
      );
    } else {
      console.log(`${command} ended; another`);
      compare(whole, checkpoints);
      rmSync(checkpoints, { recursive: true });
      cpSync(before, checkpoints, { recursive: true });
    }
  }
  finish(command, checkpoints, '--resume');
  compare(whole, checkpoints);
  return killed;
}

/** A file's bytes; the configuration in detector.json names the folder it lies in. */
const contents = (checkpoints, name) => {
  const bytes = readFileSync(join(checkpoints, name));
  return name === 'detector.json' ? Buffer.from(bytes.toString().replaceAll(checkpoints, '')) : bytes;
};

let wrong = 0;
function compare(whole, parts) {
  for (const name of readdirSync(whole).sort()) {
    const equal = existsSync(join(parts, name)) && contents(whole, name).equals(contents(parts, name));
    if (!equal) wrong++;
    if (!equal || /^(state|adaptation|unet-\d+0|features-12|training|validation)\./.test(name)) {
      console.log(`${equal ? 'equal ' : 'DIFFERS'} ${name}`);
    }
  }
  const more = readdirSync(parts).filter((name) => !existsSync(join(whole, name)));
  if (more.length) console.log(`left over: ${more.join(', ')}`);
  wrong += more.length;
}

try {
  spawnSync(
    process.execPath,
    [
      ...[bin, 'synth', '--out', join(folder, 'data'), '--category', 'weave', '--size', '16', '--seed', '3'],
      ...['--train', '48', '--good', '2', '--anomalous', '2'],
    ],
    { stdio: 'inherit' },
  );
  const [whole, parts] = [join(folder, 'whole'), join(folder, 'parts')];
  mkdirSync(parts); // the first kill may come before the training makes it
  const [trained, adapted] = [kills, Math.ceil(kills / 4)];
  const trainingTime = finish('train', whole);
  console.log(`undisturbed: ${steps} steps in ${(trainingTime / 1000).toFixed(1)} s`);
  const longest = trainingTime / 6;
  const also = { whole, checkpoints: parts };
  const inTraining = await disturb('train', { ...also, state: 'state', count: trained, longest });
  const adaptationTime = finish('adapt', whole);
  console.log(`undisturbed: adaptation in ${(adaptationTime / 1000).toFixed(1)} s`);
  const inAdaptation = await disturb('adapt', {
    ...also,
    state: 'adaptation',
    count: adapted,
    longest: adaptationTime,
  });
  console.log(
    `${inTraining} kills of the training, ${inAdaptation} of the adaptation: ${wrong ? `${wrong} files differ` : 'every file is equal'}`,
  );
  if (inTraining < trained || inAdaptation < adapted)
    throw new Error('too few kills: it ended sooner each time');
} finally {
  rmSync(folder, { recursive: true });
}
process.exit(wrong ? 1 : 0);
