// How long `--help` of every command takes beside an empty Node script: medians, in turns. Needs a build.
// Usage: node bench/help/run.mjs [rounds]      @default 15
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const rounds = Number(process.argv[2] ?? 15);
const bin = fileURLToPath(new URL('../../packages/ddad/dist/bin.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ddad-help-'));
const empty = join(folder, 'empty.mjs');
writeFileSync(empty, '');

const run = (args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return stdout;
};
/** The commands that a help lists, and those below them. */
function commandsIn(words) {
  const [, list = ''] = /\nCommands:\n([\s\S]*?)(\n\n|$)/.exec(run([bin, ...words, '--help'])) ?? [];
  const names = [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => [...words, name]);
  return names.flatMap((each) => [each, ...commandsIn(each)]);
}
const cases = [
  { name: 'empty script', args: [empty], times: [] },
  ...[[], ...commandsIn([])].map((words) => ({
    name: ['ddad', ...words, '--help'].join(' '),
    args: [bin, ...words, '--help'],
    times: [],
  })),
];
for (let round = 0; round < rounds; round++) {
  for (const { args, times } of cases) {
    const began = performance.now();
    run(args);
    times.push(performance.now() - began);
  }
}
rmSync(folder, { recursive: true });

const median = (times) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)];
const base = median(cases[0].times);
let worst = 0;
for (const { name, times } of cases) {
  const ratio = median(times) / base;
  worst = Math.max(worst, ratio);
  console.log(`${name.padEnd(32)} ${median(times).toFixed(0).padStart(5)} ms  x ${ratio.toFixed(2)}`);
}
console.log(`Node ${process.version}, ${rounds} rounds: at most ${worst.toFixed(2)} times an empty script`);
process.exitCode = worst < 3 ? 0 : 1;
