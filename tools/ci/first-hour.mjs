// What a newcomer does, from packed tarballs in an empty folder, on several versions of Node: install, make a detector
// from a folder of pictures, judge new ones. Prints how long each step took.
// Usage, after a build: node tools/ci/first-hour.mjs [--keep] [version...]      needs the npm registry; @default 20 22 24
import { execFileSync } from 'node:child_process';
import {
  cpSync,
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
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const keep = process.argv.includes('--keep');
const given = process.argv.slice(2).filter((each) => each !== '--keep');
const versions = given.length ? given : ['20', '22', '24'];
const work = mkdtempSync(join(tmpdir(), 'ddad-first-hour-'));

const run = (command, args, { cwd, env = process.env, code = 0 }) => {
  try {
    const out = execFileSync(command, args, {
      cwd,
      env,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (code !== 0) throw new Error(`${args.join(' ')}: needs exit code ${code}, got 0`);
    return out;
  } catch (error) {
    if (error.status === code && code !== 0) return error.stdout;
    throw new Error(`${command} ${args.join(' ')}: ${error.stderr || error.message}`);
  }
};
const quiet = ['--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'];

const tarballs = readdirSync(join(root, 'packages')).map((name) => {
  const folder = join(root, 'packages', name);
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', work], { cwd: folder }));
  return [
    JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).name,
    `file:${join(work, packed.filename)}`,
  ];
});

for (const version of versions) {
  const cwd = join(work, `node-${version}`);
  mkdirSync(cwd);
  const steps = [];
  const timed = (name, work) => {
    const began = performance.now();
    const result = work();
    steps.push(`${name} ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return result;
  };

  // npm's package `node` brings the program itself
  const tool = join(work, `tool-${version}`);
  mkdirSync(tool);
  writeFileSync(join(tool, 'package.json'), '{"private":true}');
  run('npm', ['install', ...quiet, `node@${version}`], { cwd: tool });
  const node = join(tool, 'node_modules', 'node', 'bin', 'node');
  const env = { ...process.env, PATH: `${dirname(node)}:${process.env.PATH}` };
  const actual = run(node, ['--version'], { cwd }).trim();

  const manifest = { private: true, type: 'module', dependencies: Object.fromEntries(tarballs) };
  writeFileSync(join(cwd, 'package.json'), JSON.stringify(manifest));
  timed('install', () => run('npm', ['install', '--ignore-scripts', ...quiet], { cwd, env }));
  const bin = join(
    cwd,
    'node_modules',
    'ddad',
    JSON.parse(readFileSync(join(cwd, 'node_modules/ddad/package.json'))).bin.ddad,
  );
  const ddad = (line, options) => run(node, [bin, ...line.split(' ')], { cwd, env, ...options });

  // a folder as people have it: good ones and defects beside each other
  timed('pictures', () => ddad('synth --out made --size 64 --train 40 --good 4 --anomalous 4'));
  cpSync(join(cwd, 'made/weave/train/good'), join(cwd, 'photos/good'), { recursive: true });
  for (const defect of readdirSync(join(cwd, 'made/weave/test')).filter((name) => name !== 'good')) {
    cpSync(join(cwd, 'made/weave/test', defect), join(cwd, 'photos/defects', defect), { recursive: true });
  }
  const told = timed('run', () =>
    ddad('run photos --image-size 64 --preset small --steps 20 --set adaptation.epochs=0'),
  );
  if (!/ddad detect --checkpoint checkpoints.photos/.test(told)) throw new Error(`no next step in: ${told}`);
  if (!existsSync(join(cwd, 'results/photos/report.html'))) throw new Error('no report');
  const judged = timed('detect', () =>
    ddad('detect --checkpoint checkpoints/photos made/weave/test --out found --csv found.csv'),
  );
  const counts = /8 images: \d anomalous, \d good\./.exec(judged);
  if (!counts) throw new Error(`no summary in: ${judged}`);
  ddad('detect --checkpoint checkpoints/photos made/weave/test/good --threshold 0 --fail-on-anomaly', {
    code: 3,
  });
  const json = ddad('detect --checkpoint checkpoints/photos made/weave/test/good --json').trim().split('\n');
  if (json.map((line) => JSON.parse(line).width).join() !== '64,64,64,64')
    throw new Error('no lines of JSON');
  console.log(`Node ${actual}: ${steps.join(', ')}; ${counts[0]}`);
}
if (keep) console.log(work);
else rmSync(work, { recursive: true });
