import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ddad } from '../testing/ddad.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'ddad-serve-'));
  await ddad('synth --out data --size 64 --train 16 --good 1 --anomalous 1'.split(' '), { cwd });
  const run = 'run data --instant --out made --image-size 64 --engine ort --set features.weights=embedded';
  const { status, stderr } = await ddad(run.split(' '), { cwd });
  expect(status, stderr).toBe(0);
});
afterAll(() => rm(cwd, { recursive: true }));

const entry = JSON.stringify(new URL('../dist/index.js', import.meta.url).href);
const script = `import { main } from ${entry}; process.exitCode = await main(process.argv.slice(1));`;

/** `ddad serve`, once it says where. */
function start(args: string[], env = {}): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, '--', 'serve', ...args], {
    cwd,
    env: { ...process.env, ...env },
  });
  return new Promise((resolve, reject) => {
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdout.once('data', (line) => resolve({ child, url: JSON.parse(line).url }));
    child.once('exit', (code) => reject(new Error(`it ended with ${code}: ${stderr}`)));
  });
}

test('it answers what detect says; SIGTERM lets it answer first', async () => {
  const folder = 'made/checkpoints/mvtec/weave';
  const { child, url } = await start([`lid=${folder}`, '--port', '0', '--workers', '1', '--json']);
  const image = join(cwd, 'data/weave/test/good/000.png');
  const { stdout } = await ddad(['detect', '--checkpoint', folder, image, '--json'], { cwd });
  const asked = request(`${url}/v1/detectors/lid/detect`, {
    method: 'POST',
    headers: { 'content-type': 'image/png', expect: '100-continue' },
  });
  const answer = once(asked, 'response');
  asked.flushHeaders();
  await once(asked, 'continue'); // the service has the request, not yet its picture
  child.kill('SIGTERM');
  const ended = once(child, 'exit');
  asked.end(await readFile(image));
  const [response] = (await answer) as [IncomingMessage];
  expect(await json(response)).toMatchObject({ score: JSON.parse(stdout).score, version: 1 });
  expect((await ended)[0]).toBe(0);
});

test('the token comes from a file or the environment', async () => {
  const ask = async (url: string, token = '') =>
    (await fetch(`${url}/v1/detectors`, { headers: { authorization: `Bearer ${token}` } })).status;
  await writeFile(join(cwd, 'token'), 'from-a-file\n');
  const folder = 'made/checkpoints/mvtec/weave';
  const options = ['--port', '0', '--workers', '1', '--json', folder];
  for (const [args, env, token] of [
    [['--token-file', 'token'], {}, 'from-a-file'],
    [[], { DDAD_TOKEN: 'from-environment' }, 'from-environment'],
  ] as const) {
    const { child, url } = await start([...options, ...args], env);
    expect([await ask(url), await ask(url, 'another-token'), await ask(url, token)]).toEqual([401, 401, 200]);
    child.kill('SIGINT');
    expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(0);
  }
});

test.each([
  ['nowhere', /^ddad: serve: there is no detector at nowhere$/],
  ['data', /^ddad: .*no trained detector in .*data/],
  [
    'made/checkpoints/mvtec/weave --host 0.0.0.0',
    /--host: 0\.0\.0\.0 is reached from other machines; set a token/,
  ],
  ['made/checkpoints/mvtec/weave --limit que=3', /no option 'que', the nearest is 'queue'/],
  ['made/checkpoints/mvtec/weave --limit queue', /needs name=value/],
  ['made/checkpoints/mvtec/weave --token-file none', /--token-file: cannot read none/],
])('serve %s is refused in one line', async (args, message) => {
  const { status, stderr } = await ddad(['serve', ...args.split(' '), '--port', '0'], { cwd });
  expect(stderr.trim()).toMatch(message);
  expect(stderr.trim()).not.toContain('\n');
  expect(status).toBe(2);
});
