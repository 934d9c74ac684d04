import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test, vi } from 'vitest';

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
const cwd = mkdtempSync(join(tmpdir(), 'ddad-two-'));
let first: ChildProcess | undefined;
afterAll(() => {
  first?.kill('SIGKILL');
  rmSync(cwd, { recursive: true });
});

const run = (steps: number) => [
  ...[bin, 'run', '--engine', 'ort', '--root', 'data', '--category', 'weave'],
  ...Object.entries({
    threads: 1,
    'data.imageSize': 16,
    'model.channelMultipliers': '[1]',
    'model.attentionResolutions': '[]',
    'model.start': 50,
    'model.skip': 50,
    'scoring.sigma': 1,
    'training.steps': steps,
    'training.batchSize': 4,
    'training.learningRateSchedule': 'constant',
    'adaptation.epochs': 0,
    'output.report': false,
  }).map(([key, value]) => `--set=${key}=${value}`),
];

test('of two runs in one folder the second is one line; after kill -9 of the first the second goes on', async () => {
  const synth = ['synth', '--out', 'data', '--category', 'weave', '--size', '16', '--train', '8'];
  spawnSync(process.execPath, [bin, ...synth, '--good', '1', '--anomalous', '1'], { cwd });
  first = spawn(process.execPath, run(100_000), { cwd, stdio: 'ignore' });
  const ended = new Promise((resolve) => first!.on('exit', (_, signal) => resolve(signal)));
  const folder = join(cwd, 'checkpoints', 'mvtec', 'weave');
  const isHeld = () =>
    existsSync(folder) && readdirSync(folder).some((name) => /^\.ddad-lock\.\d+$/.test(name));
  await vi.waitFor(() => expect(isHeld()).toBe(true), { timeout: 60_000, interval: 20 });

  const second = spawnSync(process.execPath, run(20), { cwd, encoding: 'utf8' });
  expect(second.status).toBe(2);
  expect(second.stdout).toBe('');
  expect(second.stderr.split('\n').filter((line) => line.startsWith('ddad: '))).toEqual([
    expect.stringMatching(
      new RegExp(
        `^ddad: checkpoints.mvtec.weave is in use by process ${first.pid} on .* since .*; wait for its end`,
      ),
    ),
  ]);

  first.kill('SIGKILL');
  expect(await ended).toBe('SIGKILL');
  const third = spawnSync(process.execPath, run(20), { cwd, encoding: 'utf8' });
  expect(third.status, third.stderr).toBe(0);
  expect(readdirSync(folder).filter((name) => name.startsWith('.ddad'))).toEqual([]);
  expect(existsSync(join(folder, 'detector.json'))).toBe(true);
}, 600_000);
