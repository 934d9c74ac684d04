import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

// The longer version, with random moments and the adaptation, is tools/endurance/kill-and-resume.mjs.

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ddad-kill-'));

const train = (checkpoints: string, ...more: string[]) => [
  ...[bin, 'train', '--engine', 'ort', '--root', join(folder, 'data'), '--category', 'weave', ...more],
  ...Object.entries({
    threads: 1,
    'data.imageSize': 16,
    'model.channelMultipliers': '[1]',
    'model.attentionResolutions': '[]',
    'model.start': 50,
    'model.skip': 50,
    'scoring.sigma': 1,
    'training.steps': 60,
    'training.batchSize': 4,
    'training.ema': 0.9,
    'training.saveEvery': 2,
    'training.validateEvery': 5,
    'output.checkpoints': join(folder, checkpoints),
    // the same bytes, also by several steps in a run of the engine
    ...(checkpoints === 'parts' && { 'training.stepsPerRun': 3 }),
  }).map(([key, value]) => `--set=${key}=${value}`),
];

/** Runs the training until `isTime`, then kills it without a warning. */
async function killWhen(isTime: (checkpoints: string) => boolean, checkpoints: string): Promise<void> {
  const child = spawn(process.execPath, train(checkpoints, '--resume'), { stdio: 'ignore' });
  const ended = new Promise<string | null>((resolve) => child.on('exit', (_, signal) => resolve(signal)));
  const timer = setInterval(() => isTime(join(folder, checkpoints)) && child.kill('SIGKILL'), 2);
  expect(await ended).toBe('SIGKILL');
  clearInterval(timer);
}

// Five processes in a row: the limit is against hanging on a machine that does much else.
test('a training that is killed, and resumed, ends with the same bytes', async () => {
  const synth = ['synth', '--out', join(folder, 'data'), '--category', 'weave', '--size', '16'];
  spawnSync(process.execPath, [bin, ...synth, '--train', '8', '--good', '1', '--anomalous', '1']);
  const whole = spawnSync(process.execPath, train('whole'), { encoding: 'utf8' });
  expect(whole.status, whole.stderr).toBe(0);

  const has = (name: string) => (checkpoints: string) => existsSync(join(checkpoints, name));
  const isWriting = (checkpoints: string) =>
    existsSync(checkpoints) && readdirSync(checkpoints).some((name) => /^(?!\.).*\.tmp$/.test(name));
  await killWhen(isWriting, 'parts');
  await killWhen(has('unet-4.safetensors'), 'parts');
  await killWhen((checkpoints) => has('unet-16.safetensors')(checkpoints) && isWriting(checkpoints), 'parts');
  const resumed = spawnSync(process.execPath, train('parts', '--resume'), { encoding: 'utf8' });
  expect(resumed.status, resumed.stderr).toBe(0);

  const names = readdirSync(join(folder, 'whole')).sort();
  expect(readdirSync(join(folder, 'parts')).sort()).toEqual(names);
  expect(names).toContain('unet-30.safetensors');
  for (const name of names) {
    const bytes = (checkpoints: string) => readFileSync(join(folder, checkpoints, name));
    expect(bytes('parts').equals(bytes('whole')), name).toBe(true);
  }
}, 600_000);
