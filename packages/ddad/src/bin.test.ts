import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const bin = fileURLToPath(new URL('../dist/bin.js', import.meta.url));

/** Runs the built binary in a folder of its own. */
function ddad(args: string[], { env = {} }: { env?: NodeJS.ProcessEnv } = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'ddad-cli-'));
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args], {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  return { status, stdout, stderr, cwd };
}

const commands = [
  'demo',
  'synth',
  'run',
  'train',
  'adapt',
  'eval',
  'export',
  'detect',
  'calibrate',
  'doctor',
  'engines',
];

test('help lists the commands and each has its own', () => {
  const { status, stdout } = ddad(['--help']);
  expect(status).toBe(0);
  for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
  for (const command of commands) {
    const help = ddad([command, '--help']);
    expect([help.status, help.stderr]).toEqual([0, '']);
    for (const option of ['--json', '--verbose', '--help']) expect(help.stdout).toContain(option);
  }
});

test.each([
  [['trian'], "ddad: unknown command 'trian' (Did you mean train?)"],
  [['train', '--hlep'], "ddad: unknown option '--hlep' (Did you mean --help?)"],
  [['detect'], "ddad: missing required argument 'paths'"],
  [
    ['train', '--config', 'none.yaml'],
    'ddad: config: cannot read none.yaml (ENOENT); give the path of a YAML file',
  ],
  [['train'], 'ddad: config: data.root: needs the folder of the data set; give data.root or --root'],
  [['train', '--root', 'x'], 'ddad: config: data.root: there is no folder x'],
  [
    ['eval', '--root', 'x', '--category', 'y', '--set', 'model.ww=4'],
    "ddad: config: unknown key 'model.ww'; the nearest known one is 'model.w'",
  ],
  [
    ['run', '--root', 'x', '--set', 'model.w'],
    "ddad: --set: needs key=value with a dotted key such as model.w=4, got 'model.w'",
  ],
  [['synth', '--out', 'x', '--size', '-3'], "ddad: --size needs a whole number, 0 or more, got '-3'"],
])('wrong input is one line on standard error and exit code 2: %j', (args, line) => {
  const { status, stdout, stderr } = ddad(args);
  expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: `${line}\n` });
});

test('--verbose adds the stack', () => {
  expect(ddad(['train', '--verbose']).stderr).toMatch(/\n {4}at /);
});

test('--dry-run prints the resolved configuration, which is a configuration', () => {
  const args = [
    'train',
    '--root',
    'data/a b',
    '--category',
    '007',
    '--seed',
    '5',
    '--set',
    'model.w=2.5',
    '--dry-run',
  ];
  const { status, stdout, cwd } = ddad(args);
  expect(status).toBe(0);
  expect(stdout).toContain('preset: auto');
  expect(stdout).toContain('w: 2.5');
  const file = join(cwd, 'resolved.yaml');
  writeFileSync(file, stdout);
  const again = ddad(['train', '--config', file, '--dry-run', '--json']);
  expect(JSON.parse(again.stdout)).toMatchObject({
    seed: 5,
    data: { root: 'data/a b', category: '007' },
    model: { w: 2.5 },
  });
});

test('synth writes a data set, and with --json nothing else on standard output', () => {
  const { status, stdout, stderr } = ddad([
    'synth',
    '--out',
    'set',
    '--size',
    '32',
    '--train',
    '2',
    '--good',
    '1',
    '--anomalous',
    '1',
    '--json',
  ]);
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    category: 'weave',
    counts: { train: 2, testGood: 1, testDefect: 1 },
  });
  expect(stderr).toContain('Drawing');
});
