import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ddad, type Ended } from '../testing/ddad.js';

const docs = new URL('../../../docs/', import.meta.url);
const read = async (name: string) => JSON.parse(await readFile(new URL(name, docs), 'utf8'));

/** Trainings of seconds, beside whatever else the machine does. */
const patience = 600_000;

let cwd: string;
let ajv: Ajv;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'ddad-json-'));
  ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
  ajv.addSchema(await read('config.schema.json'), 'config.schema.json');
  ajv.addSchema(await read('json.schema.json'), 'json.schema.json');
  await printed('synthetic', synth);
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

const run = (command: string) => ddad(command.split(' '), { cwd });

/** Whether `text` is JSON of this definition. */
function conforms(definition: string, text: string): void {
  const accepts = ajv.compile({ $ref: `json.schema.json#/definitions/${definition}` });
  expect(accepts(JSON.parse(text)), JSON.stringify(accepts.errors)).toBe(true);
}

async function printed(definition: string, command: string): Promise<Ended> {
  const ended = await run(`${command} --json`);
  expect(ended.status, ended.stderr).toBe(0);
  conforms(definition, ended.stdout);
  return ended;
}

const synth = 'synth --out data --category tiles --size 32 --seed 3 --train 12 --good 3 --anomalous 6';
const tiny = '--root data --category tiles --engine ort --set threads=1 --image-size 32';

test(
  'what commands print is what docs/json.schema.json says',
  async () => {
    await printed('synthetic', synth);
    await printed('doctor', 'doctor --root data --category tiles');
    await printed('config', `run ${tiny} --dry-run`);
    const instant = await printed('report', `run ${tiny} --instant --weights embedded`);
    expect(JSON.parse(instant.stdout).certainty.guarantee).toBeUndefined();
    const settings = '--checkpoint checkpoints/mvtec/tiles --engine ort';
    await printed('calibration', `calibrate ${settings}`);
    await printed('calibration', `calibrate ${settings} --threshold conformal --false-alarm-rate 0.2`);
    await printed('tuning', `tune ${settings} --defects 12`);
    await printed('export', `export ${settings.split(' --engine')[0]} --bundle tiles.ddad`);
    await printed('config', `detect ${settings} --dry-run data`);

    await writeFile(join(cwd, 'none.png'), 'no image');
    const found = await run(`detect ${settings} data/tiles/test none.png --out found --json`);
    expect(found.status).toBe(2);
    const lines = found.stdout.trim().split('\n');
    expect(lines).toHaveLength(10);
    for (const line of lines.slice(0, -1)) conforms('detection', line);
    conforms('unread', lines.at(-1)!);
  },
  patience,
);

test(
  'a small training, and limits that fail',
  async () => {
    const small = `${tiny} --preset small --set scoring.threshold=conformal --set features.weights=random`;
    await printed(
      'training',
      `train ${small} --steps 2 --set training.validateEvery=1 --set training.batchSize=2`,
    );
    await printed('adaptation', `adapt ${small} --set adaptation.epochs=0`);
    const evaluated = `eval ${small} --junit out/junit.xml`;
    expect((await run(`${evaluated} --fail-under imageAuroc=0 --dry-run`)).status).toBe(0);
    const unmet = await run(`${evaluated} --fail-under imageAuroc=1 --fail-under pixelAuroc=1 --json`);
    expect(unmet.status, unmet.stderr).toBe(3);
    conforms('report', unmet.stdout);
    const { certainty, metrics } = JSON.parse(unmet.stdout);
    expect(certainty.guarantee).toMatchObject({ isMet: false, needed: 99 });
    expect(metrics.pixelAuroc).toBeLessThan(1);
    expect(unmet.stderr).toMatch(/^ddad: below what was asked for: .*pixelAuroc is 0\.\d+, needs 1$/m);
    const xml = await readFile(join(cwd, 'out', 'junit.xml'), 'utf8');
    expect(xml).toContain(`message="pixel AUROC: ${metrics.pixelAuroc}, needs 1"`);
    const wrong = await run(`${evaluated} --fail-under auroc=0.9`);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toMatch(/^ddad: --fail-under: there is no metric "auroc"; there are imageAuroc, /m);
  },
  patience,
);

test('engines', () => printed('engines', 'engines'));

test('the table of docs/json.md names every definition that is printed', async () => {
  const text = await readFile(new URL('json.md', docs), 'utf8');
  const { definitions } = await read('json.schema.json');
  const parts = ['metrics', 'interval', 'gain', 'guarantee', 'certainty', 'image', 'region'];
  for (const name of Object.keys(definitions)) {
    if (!parts.includes(name)) expect(text).toContain(`\`${name}\``);
  }
});

test('init writes a configuration that the other commands take, and never over another', async () => {
  const asked = 'init data --category tiles --image-size 32 --budget 2m --out photos.yaml';
  const made = await printed('init', asked);
  expect(JSON.parse(made.stdout)).toEqual({
    file: 'photos.yaml',
    input: {
      preset: 'auto',
      data: { kind: 'mvtec', root: 'data', category: 'tiles', imageSize: 32 },
      training: { budget: 120 },
    },
  });
  const taken = await printed('config', 'run --config photos.yaml --dry-run');
  expect(JSON.parse(taken.stdout)).toMatchObject({ data: { imageSize: 32 }, training: { budget: 120 } });
  expect((await run('doctor --config photos.yaml')).status).toBe(0);
  const again = await run(asked);
  expect([again.status, again.stderr]).toEqual([
    2,
    'ddad: --out: photos.yaml is there already, and is not overwritten; give another file, or remove it\n',
  ]);
  // without a terminal nobody is asked
  const unsaid = await run('init');
  expect([unsaid.status, unsaid.stderr]).toEqual([
    2,
    'ddad: needs the folder of your images: ddad init photos\n',
  ]);
});
