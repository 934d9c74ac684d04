import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConfigInput, Detector, evaluate, InterruptedError } from './index.js';

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url));
const cwd = mkdtempSync(join(tmpdir(), 'ddad-interrupt-'));
const checkpoints = join(cwd, 'checkpoints');
const config: ConfigInput = {
  preset: 'small',
  data: { kind: 'mvtec', root: join(cwd, 'data'), category: 'weave', imageSize: 64 },
  engine: 'ort',
  threads: 1,
  model: { baseChannels: 32, channelMultipliers: [1, 2], attentionResolutions: [16] },
  training: { steps: 2, batchSize: 2 },
  adaptation: { epochs: 1, batchSize: 4 },
  output: { checkpoints, results: join(cwd, 'results'), report: false },
};
const settings = ['-c', 'config.yaml'];
const good = 'data/weave/test/good';

/** A detector of pictures of 64 x 64, and 40 of them, each of ten denoising steps. */
beforeAll(() => {
  writeFileSync(join(cwd, 'config.yaml'), JSON.stringify(config));
  const synth = 'synth --out data --size 64 --train 8 --good 40 --anomalous 4'.split(' ');
  for (const args of [synth, ['train', ...settings], ['adapt', ...settings]]) {
    const { status, stderr } = spawnSync(process.execPath, [bin, ...args], { cwd, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
  }
}, 600_000);
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

interface Stopped {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** From the last signal to the end of the process. */
  ms: number;
}

/** Runs the command, and `interrupt`s it once it has written what `when` matches. */
function stop(
  args: readonly string[],
  when: RegExp,
  interrupt = (kill: () => void, _child: ChildProcess) => kill(),
): Promise<Stopped> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    const written = { stdout: '', stderr: '' };
    let sent: number | undefined;
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].on('data', (chunk) => {
        written[name] += chunk;
        if (sent !== undefined || !when.test(written.stdout + written.stderr)) return;
        interrupt(() => {
          sent = performance.now();
          child.kill('SIGINT');
        }, child);
      });
    }
    child.on('error', reject);
    child.on('close', (status, signal) =>
      resolve({ ...written, status, signal, ms: performance.now() - (sent ?? Number.NaN) }),
    );
  });
}

const lines = (text: string) => text.split('\n').filter((line) => line.startsWith('ddad: '));
/** Against hanging, not a measure of speed: all 40 images take longer. */
const soon = 10_000;

test.each([
  ['detect', ['detect', good, '--checkpoint', checkpoints], /good.000\.png/, /scoring images$/],
  ['eval', ['eval', ...settings], /Evaluating/, /scoring images$/],
  ['calibrate', ['calibrate', good, '--checkpoint', checkpoints], /Calibrating/, /scoring images$/],
  [
    'adapt',
    ['adapt', ...settings, '--set=adaptation.epochs=200', `--set=output.checkpoints=${join(cwd, 'other')}`],
    /Adapting/,
    /after \d+ of 200 adaptation epochs; --resume continues it$/,
  ],
])(
  'Ctrl-C ends %s in one line within a denoising step',
  async (name, args, when, line) => {
    if (name === 'adapt') cpSync(checkpoints, join(cwd, 'other'), { recursive: true });
    const { status, stdout, stderr, ms } = await stop(args, when);
    expect(status, stderr).toBe(130);
    expect(lines(stderr)).toEqual([expect.stringMatching(/^ddad: interrupted /)]);
    expect(lines(stderr)[0]).toMatch(line);
    expect(ms).toBeLessThan(soon);
    if (name === 'detect') expect(stdout.split('\n').length).toBeLessThan(40);
  },
  120_000,
);

test('the second Ctrl-C ends at once', async () => {
  const twice = (kill: () => void, child: ChildProcess) => {
    kill();
    child.stderr!.once('data', kill);
  };
  const { status, stderr, ms } = await stop(
    [
      'train',
      ...settings,
      '--overwrite',
      '--set=training.steps=5000',
      `--set=output.checkpoints=${join(cwd, 'twice')}`,
    ],
    /Training/,
    twice,
  );
  expect(status, stderr).toBe(130);
  expect(stderr).toContain('Press Ctrl-C again');
  expect(lines(stderr)).toHaveLength(1);
  expect(ms).toBeLessThan(soon);
}, 120_000);

test('a signal with a time limit ends detectAll and evaluate', async () => {
  const detector = await Detector.load(checkpoints, { engine: 'ort', threads: 1 });
  const paths = readdirSync(join(cwd, good)).map((name) => join(cwd, good, name));
  await detector.detect(paths[0]); // compiles
  let seen = 0;
  const all = async () => {
    for await (const _ of detector.detectAll(paths, { signal: AbortSignal.timeout(100) })) seen++;
  };
  const ended = await all().then(
    () => undefined,
    (error) => error,
  );
  expect(ended).toBeInstanceOf(InterruptedError);
  expect(ended).toMatchObject({
    message: 'interrupted while scoring images',
    cause: { name: 'TimeoutError' },
  });
  expect(seen).toBeLessThan(40);
  await expect(evaluate(config, { signal: AbortSignal.timeout(100) })).rejects.toThrow(InterruptedError);

  // the loop turns after every step, so that a timer comes within one
  let turns = 0;
  const turn = () => {
    turns++;
    timer = setTimeout(turn);
  };
  let timer = setTimeout(turn);
  await detector.detect(paths[0]);
  clearTimeout(timer);
  expect(turns).toBeGreaterThanOrEqual(10);
  detector.dispose();
}, 120_000);
