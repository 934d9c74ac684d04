import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command, Option } from 'commander';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { main } from './main.js';
import { type ShortForm, shortForms } from './options.js';
import { createProgram } from './program.js';

/** Commands that do something, by the words that call them. */
function commandsOf(program: Command, before: string[] = []): { words: string[]; command: Command }[] {
  return program.commands.flatMap((command) => {
    const words = [...before, command.name()];
    const isOne = command.options.length > 0 || command.commands.length === 0;
    return [...(isOne ? [{ words, command }] : []), ...commandsOf(command, words)];
  });
}

const commands = commandsOf(createProgram());
const optionsOf = (command: Command) => new Map(command.options.map((option) => [option.long!, option]));
const all = new Map<string, Option>(commands.flatMap(({ command }) => [...optionsOf(command)]));

/** Runs the command line in this process, and gives what it wrote. */
async function run(args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
      written[name] += chunk;
      return true;
    }),
  );
  try {
    return { status: await main(args), ...written };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.exitCode = undefined;
  }
}

const empty = mkdtempSync(join(tmpdir(), 'ddad-commands-'));
afterAll(() => rmSync(empty, { recursive: true }));

test('docs/commands.md says what each command does, and with which options', async () => {
  const help = createProgram().createHelp();
  // `<folder>` would be a tag of HTML
  const cell = (text: string) => text.replaceAll('<', '\\<').replaceAll('|', '\\|');
  const row = (name: string, text: string) => `| \`${name}\` | ${cell(text)} |\n`;
  const sections = commands.map(({ words, command }) => {
    const rows = [
      ...command.registeredArguments.map((each) =>
        row(help.argumentTerm(each), help.argumentDescription(each)),
      ),
      ...command.options.map((each) => row(each.flags, help.optionDescription(each))),
    ];
    const usage = ['ddad', ...words, command.usage()].join(' ').replace(' [command]', '');
    const description = command.description();
    return `## ${words.join(' ')}

${cell(description.charAt(0).toUpperCase() + description.slice(1))}.

\`${usage}\`

| option | what |
| --- | --- |
${rows.join('')}`;
  });
  await expect(
    `<!-- Written by packages/cli/src/commands.test.ts from the definitions of the command line. -->

# Commands and options

\`ddad <command> --help\` says the same. An option that a command does not take is refused, not ignored: one line, exit code 2.

${sections.join('\n')}`,
  ).toMatchFileSnapshot('../../../docs/commands.md');
});

describe('an option that a command does not take is refused', () => {
  for (const { words, command } of commands) {
    const offered = optionsOf(command);
    const others = [...all].filter(([flag]) => !offered.has(flag));
    test(`${words.join(' ')}: ${others.length} options`, async () => {
      for (const [flag, option] of others) {
        const needed = command.options.flatMap(({ mandatory, long }) => (mandatory ? [long!, '1'] : []));
        const { status, stderr } = await run([...words, ...needed, flag, ...(option.required ? ['1'] : [])]);
        expect([status, stderr]).toEqual([2, expect.stringContaining(`ddad: unknown option '${flag}'`)]);
      }
    });
  }
});

describe('an option for a key of the configuration is applied', () => {
  const values: Record<ShortForm, string> = {
    preset: 'ddad-s',
    kind: 'btad',
    root: join(empty, 'other'),
    category: 'nut',
    imageSize: '48',
    skipBad: '',
    steps: '7',
    weights: 'imagenet',
    threshold: '0.3',
    falseAlarmRate: '0.2',
    seed: '9',
    engine: 'wasm',
  };
  const read = (config: unknown, key: string) =>
    key.split('.').reduce((value, part) => (value as Record<string, unknown>)[part], config);
  const withConfig = commands.filter(({ command, words }) => {
    const offered = optionsOf(command);
    // a reproduction has a configuration of every category
    const isOne = !['demo', 'reproduce'].includes(words[0]);
    return isOne && offered.has('--dry-run') && !offered.has('--checkpoint');
  });
  expect(withConfig.map(({ words }) => words[0])).toEqual(['run', 'train', 'adapt', 'eval', 'doctor']);

  for (const { words, command } of withConfig) {
    const offered = optionsOf(command);
    const forms = Object.entries(shortForms).filter(([, { flag }]) => offered.has(flag.split(' ')[0]));
    test(`${words[0]}: ${forms.length} options`, async () => {
      const base = { '--root': join(empty, 'data'), '--kind': 'mvtec', '--category': 'weave' };
      for (const [name, { key, flag }] of forms) {
        const value = values[name as ShortForm];
        const given = { ...base, [flag.split(' ')[0]]: value };
        const args = Object.entries(given).flatMap(([each, text]) => (text ? [each, text] : [each]));
        const { status, stdout, stderr } = await run([words[0], ...args, '--dry-run', '--json']);
        expect(status, stderr).toBe(0);
        const expected = value === '' ? true : Number.isNaN(Number(value)) ? value : Number(value);
        expect(read(JSON.parse(stdout), key), flag).toEqual(expected);
      }
    });
  }

  test('--out decides where everything goes', async () => {
    const { stdout } = await run(`run ${empty} --kind folder --out there --dry-run --json`.split(' '));
    expect(JSON.parse(stdout).output).toMatchObject({
      checkpoints: 'there/checkpoints/{dataset}/{category}',
      results: 'there/results/{dataset}/{category}',
    });
  });
});

test('an option of a command below another is its own', async () => {
  const program = createProgram();
  const remove = program.commands
    .find((command) => command.name() === 'engines')!
    .commands.find((command) => command.name() === 'remove')!;
  remove.action(() => {});
  await program.parseAsync(['engines', 'remove', 'ort-cuda', '--json'], { from: 'user' });
  expect(remove.opts()).toMatchObject({ json: true });
});

test.each(['add', 'remove'])('engines %s takes ort-cuda alone', async (command) => {
  const { status, stderr } = await run(['engines', command, 'webgpu']);
  expect(status).toBe(2);
  expect(stderr).toMatch(/^ddad: engine: needs ort-cuda, which alone can be (add|remov)ed, got 'webgpu'\n$/);
});
