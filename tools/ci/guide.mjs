// Does what docs/guide.md says, as somebody who has nothing but its text: types every block of shell code in an empty folder, the
// packages packed as npm would publish them, and compares what comes with the block of text that follows (… stands for anything).
// A program that stays (serve, watch) gets Ctrl-C after the block that follows it.
// Usage, after a build: node tools/ci/guide.mjs [--keep] [version...]      needs the npm registry; @default 20 22 24
import { execFileSync, spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const keep = process.argv.includes('--keep');
const given = process.argv.slice(2).filter((each) => each !== '--keep');
const versions = given.length ? given : ['20', '22', '24'];
const work = mkdtempSync(join(tmpdir(), 'ddad-guide-'));
const run = (command, args, cwd) =>
  execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** The page as steps: a block, and for code the file that the text before it names. */
function stepsOf(page) {
  const steps = [];
  let last = 0;
  for (const match of page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)) {
    const [, language, text] = match;
    const named = page.slice(last, match.index).match(/`([\w.-]+\.mjs)`/g);
    steps.push({ language, text, file: named?.at(-1).replaceAll('`', '') });
    last = match.index + match[0].length;
  }
  return steps;
}

/** The lines of `expected` that `output` does not have, in their order. */
function missing(expected, output) {
  let rest = output;
  for (const line of expected.split('\n').filter((each) => each.trim() && each.trim() !== '…')) {
    const pattern = line
      .trim()
      .split('…')
      .map((part) =>
        part
          .trim()
          .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
          .replaceAll(/ +/g, ' +'),
      )
      .join('.*');
    const found = new RegExp(pattern).exec(rest);
    if (!found) return line;
    rest = rest.slice(found.index + found[0].length);
  }
  return undefined;
}

/** Whether a command goes on until Ctrl-C. */
const stays = (command) => /\bddad (serve|watch)\b/.test(command) && !command.includes('--once');

async function follow(page, { cwd, env, tarballs }) {
  const times = [];
  let background;
  let lastOutput = '';
  const shown = () => lastOutput + (background?.output ?? '');
  const end = async () => {
    if (!background) return;
    const { child, done, command } = background;
    background = undefined;
    process.kill(-child.pid, 'SIGINT');
    const code = await done;
    if (code !== 0 && code !== 130) throw new Error(`${command}: after Ctrl-C exit code ${code}`);
  };
  const steps = stepsOf(page);
  for (const [i, { language, text, file }] of steps.entries()) {
    if (language === 'js') {
      if (!file) throw new Error(`no name for the file with ${text.slice(0, 60)}`);
      writeFileSync(join(cwd, file), text);
      continue;
    }
    if (language === 'text') {
      let absent = missing(text, shown());
      for (let tries = 0; absent && background && tries < 240; tries++) {
        await wait(250);
        absent = missing(text, shown());
      }
      if (absent) throw new Error(`the guide says\n  ${absent}\nand there was\n${shown()}`);
      if (background && background.step < i - 1) await end();
      continue;
    }
    if (language !== 'sh') continue;
    lastOutput = '';
    if (background && steps[background.step + 1].language !== 'text') await end();
    for (const command of text.trim().split('\n')) {
      const typed = command.replace(/^(npm install .*)\bddad$/, `$1 ${tarballs}`);
      const began = performance.now();
      const child = spawn('bash', ['-c', `exec 2>&1; ${stays(command) ? 'exec ' : ''}${typed}`], {
        cwd,
        env,
        detached: true,
      });
      const job = { child, command, step: i, output: '' };
      child.stdout.setEncoding('utf8').on('data', (chunk) => {
        job.output += chunk;
      });
      job.done = new Promise((resolve) =>
        child.on('close', (code, signal) => resolve(signal === 'SIGINT' ? 130 : code)),
      );
      if (stays(command)) {
        background = job;
        break;
      }
      const code = await job.done;
      if (code !== 0) throw new Error(`${command}: exit code ${code}\n${job.output}`);
      lastOutput += job.output;
      times.push(`${command.replace(/ --.*/, '')} ${((performance.now() - began) / 1000).toFixed(1)} s`);
    }
  }
  await end();
  for (const [, picture] of page.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)) {
    if (!existsSync(join(root, 'docs', picture))) throw new Error(`there is no docs/${picture}`);
  }
  return { times, blocks: steps.length };
}

const page = readFileSync(join(root, 'docs/guide.md'), 'utf8');
const tarballs = readdirSync(join(root, 'packages'))
  .map((name) => {
    const folder = join(root, 'packages', name);
    const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', work], folder));
    return join(work, packed.filename);
  })
  .join(' ');
let failed = 0;
for (const version of versions) {
  // npm's package `node` brings the program itself
  const tool = join(work, `tool-${version}`);
  const cwd = join(work, `node-${version}`, 'inspection');
  mkdirSync(tool);
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(tool, 'package.json'), '{"private":true}');
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', `node@${version}`], tool);
  const node = join(tool, 'node_modules/node/bin/node');
  const env = {
    ...process.env,
    PATH: `${dirname(node)}:${process.env.PATH}`,
    DDAD_CACHE: join(tool, 'cache'),
  };
  const began = performance.now();
  try {
    const { times, blocks } = await follow(page, { cwd, env, tarballs });
    const minutes = ((performance.now() - began) / 60000).toFixed(1);
    console.log(
      `ok      Node ${run(node, ['--version'], cwd).trim()}: ${blocks} blocks in ${minutes} min; ${times.join(', ')}`,
    );
  } catch (error) {
    failed++;
    console.log(`FAILED  Node ${version}: ${error.message}`);
  }
}
if (keep) console.log(work);
else rmSync(work, { recursive: true });
process.exitCode = failed ? 1 : 0;
