import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ddad } from '../testing/ddad.js';

const config = `
seed: 5
data: { root: data, category: weave, imageSize: 32 }
model: { baseChannels: 32, channelMultipliers: [1, 1], attentionResolutions: [16], start: 100, skip: 50 }
training: { steps: 2, batchSize: 4 }
adaptation: { epochs: 1, batchSize: 8 }
scoring: { sigma: 1, batchSize: 4 }
`;
const detector = 'checkpoints/mvtec/weave';
const image = 'data/weave/test/good/000.png';

let cwd: string;

/** A folder with a trained detector, and much that is wrong. */
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'ddad-wrong-'));
  const at = (path: string) => join(cwd, path);
  await writeFile(at('tiny.yaml'), config);
  const synth = 'synth --out data --size 32 --train 8 --good 2 --anomalous 2';
  expect((await ddad(synth.split(' '), { cwd })).status).toBe(0);
  const { status, stderr } = await ddad(['run', '-c', 'tiny.yaml'], { cwd });
  expect(status, stderr).toBe(0);
  await mkdir(at('empty'));
  await writeFile(at('file'), 'some text');
  const several = new URL('../../weights/fixtures/wrapped-several-zip.pth', import.meta.url);
  await copyFile(several, at('two.pth'));
  await writeFile(at('broken.yaml'), 'data: [');
  await writeFile(at('other.yaml'), config.replace('start: 100', 'start: 100, w: 7'));
  await cp(at('data'), at('broken'), { recursive: true });
  await writeFile(at('broken/weave/train/good/003.png'), 'no image');
  await mkdir(at('altered'));
  for (const name of await readdir(at(detector)))
    await copyFile(at(join(detector, name)), at(join('altered', name)));
  await cp(at('altered'), at('swapped'), { recursive: true });
  const [unet] = (await readdir(at('swapped'))).filter((name) => name.startsWith('unet-'));
  const bytes = await readFile(at(join('swapped', unet!)));
  bytes[bytes.length - 1]! ^= 1;
  await writeFile(at(join('swapped', unet!)), bytes);
  const exported = await ddad(['export', '--checkpoint', detector, '--bundle', 'whole.ddad'], { cwd });
  expect(exported.status, exported.stderr).toBe(0);
  const whole = await readFile(at('whole.ddad'));
  await writeFile(at('half.ddad'), whole.subarray(0, whole.length / 2));
  await writeFile(at('altered/detector.json'), '{"format": "ddad-detector", "version": 7}');
});
afterAll(() => rm(cwd, { recursive: true }));

const cases: [string, string, RegExp][] = [
  ['missing folder', 'train --root nowhere --category weave', /there is no folder nowhere/],
  ['missing folder', 'doctor --root nowhere --category weave', /there is no folder nowhere/],
  ['missing category', 'train --root data --category wave', /no category 'wave' in .*there are: weave/],
  [
    'no images',
    'train --kind folder --root empty',
    /no training images \(PNG, JPEG, BMP, TIFF, WebP\) in .*empty/,
  ],
  ['no images', `detect empty --checkpoint ${detector}`, /no images \(PNG, JPEG, BMP, TIFF, WebP\) in empty/],
  ['missing image', `detect none.png --checkpoint ${detector}`, /there is no file or folder none\.png/],
  ['unknown key', 'eval -c tiny.yaml --set model.ww=4', /tiny\.yaml: unknown key 'model\.ww'.*'model\.w'/],
  ['not YAML', 'train -c broken.yaml', /broken\.yaml: not YAML/],
  ['no configuration', 'train -c none.yaml', /cannot read none\.yaml/],
  ['unreadable image', 'train -c tiny.yaml --root broken', /broken\/weave\/train\/good\/003\.png: not /],
  ['unreadable image', `detect file --checkpoint ${detector}`, /cannot read file: not /],
  [
    'another architecture',
    'eval -c tiny.yaml --set model.baseChannels=64',
    /unet-\d+\.safetensors is .*another architecture: baseChannels is 32 there and 64 here/,
  ],
  [
    'another architecture',
    'eval -c tiny.yaml --set features.backbone=resnet34 --set features.weights=random',
    /features-\d+\.safetensors is .*another architecture/,
  ],
  [
    'another architecture',
    'train -c tiny.yaml --resume --set model.baseChannels=64',
    /training saved in .* has other settings: model\.baseChannels is 32 there and 64 here/,
  ],
  [
    'another training',
    'train -c tiny.yaml --seed 9',
    /the training saved in checkpoints.mvtec.weave has other settings: seed is 5 there and 9 here; --overwrite replaces it, or choose/,
  ],
  ['another training', 'train -c tiny.yaml --resume --overwrite', /exclude each other/],
  [
    'another version',
    `detect ${image} --checkpoint altered`,
    /altered\/detector\.json: needs version 1, got 7/,
  ],
  ['no detector', `detect ${image} --checkpoint empty`, /no trained detector in empty/],
  ['no detector', `detect ${image}`, /needs a trained detector \(--checkpoint\)/],
  ['no weights', 'run -c tiny.yaml --weights none.pth', /none\.pth/],
  ['no weights', 'adapt -c tiny.yaml --weights file', /file is neither safetensors nor/],
  [
    'two sets of weights',
    'adapt -c tiny.yaml --weights two.pth',
    /two\.pth: .* more than one state dict: model \(7 tensors\), model_ema \(8 tensors\); name one, .* file\.pth#model/,
  ],
  [
    'no weights',
    'adapt -c tiny.yaml --weights two.pth#net',
    /two\.pth: .*no dict of tensors under "net"; it has 3/,
  ],
  [
    'other weights',
    'adapt -c tiny.yaml --weights two.pth#model',
    /has no weights of resnet18 .*: .* missing \(conv1/,
  ],
  [
    'engine not installed',
    'train -c tiny.yaml --engine tensorflow-gpu',
    /tensorflow-gpu is not installed.*npm install @tensorflow\/tfjs-node-gpu/,
  ],
  [
    'engine not installed',
    `detect ${image} --checkpoint ${detector} --engine tensorflow-gpu`,
    /tensorflow-gpu is not installed/,
  ],
  ['unknown engine', 'train -c tiny.yaml --engine foo', /engine: needs one of auto, ort.*, got "foo"$/],
  ['unknown kind', 'train --root data --kind foo', /data\.kind: needs one of mvtec.*, got "foo"$/],
  [
    'wrong type',
    'train -c tiny.yaml --seed abc',
    /^ddad: --seed needs a whole number, 0 or more, got 'abc'$/,
  ],
  [
    'wrong type',
    `calibrate --checkpoint ${detector} --false-alarm-rate abc`,
    /^ddad: --false-alarm-rate needs a share between 0 and 1, .*, got 'abc'$/,
  ],
  ['wrong type', `detect ${image} --checkpoint ${detector} --threshold high`, /--threshold needs a number/],
  ['wrong type', 'run -c tiny.yaml --image-size 1.5', /--image-size needs a whole number.*got '1\.5'$/],
  ['twice', 'run data -c tiny.yaml --root data', /given twice: data and --root data$/],
  ['twice', `detect ${image} --checkpoint ${detector} --kind visa`, /--checkpoint and --kind exclude each/],
  [
    'another detector',
    `detect ${image} --checkpoint ${detector} --set scoring.sigma=2`,
    /scoring\.sigma is 1 there and 2 here; .*`ddad calibrate` changes the way it scores$/,
  ],
  [
    'another detector',
    `detect ${image} -c tiny.yaml --set scoring.sigma=2`,
    /scoring\.sigma is 1 there and 2 here/,
  ],
  ['another detector', `detect ${image} -c other.yaml`, /model\.w is 4 there and 7 here/],
  ['another detector', `detect ${image} --checkpoint ${detector} --set nonsense=1`, /unknown key 'nonsense'/],
  [
    'another detector',
    `calibrate --checkpoint ${detector} --set training.steps=9`,
    /training\.steps is 2 there and 9 here/,
  ],
  [
    'altered weights',
    'export --checkpoint swapped --out exported',
    /unet-1\.safetensors is not the file detector\.json was made with/,
  ],
  ['nothing to write', 'export --checkpoint swapped', /needs a file \(--bundle\) or a folder \(--out\)/],
  [
    'another name',
    `export --checkpoint ${detector} --bundle detector.zip`,
    /--bundle: needs the name of a file that ends in \.ddad/,
  ],
  ['no bundle', `detect ${image} --checkpoint file`, /file is no detector that can be read: .*no directory/],
  ['half a bundle', `detect ${image} --checkpoint half.ddad`, /half\.ddad is no detector .*cut short/],
  ['missing folder', `watch nowhere --checkpoint ${detector}`, /there is no folder nowhere/],
  ['no detector', 'watch empty --checkpoint empty', /no trained detector in empty/],
  ['no address', `watch empty --checkpoint ${detector} --webhook ftp:x`, /--webhook: needs an http or https/],
  ['no broker', `watch empty --checkpoint ${detector} --topic x`, /--topic needs --mqtt/],
  ['altered weights', `detect ${image} --checkpoint swapped`, /unet-1\.safetensors is not the file/],
  [
    'unwritable output',
    'train -c tiny.yaml --set output.checkpoints=file/x',
    /cannot write file\/x: .*choose another/,
  ],
  [
    'unwritable output',
    'eval -c tiny.yaml --set output.results=file/x',
    /cannot write file\/x: .*choose another/,
  ],
  ['unwritable output', `detect data/weave/test --checkpoint ${detector} --out file`, /cannot write file/],
  ['unwritable output', 'synth --out file/x', /cannot write .*file\/x.*choose another/],
  ['unwritable output', 'demo --out file', /cannot write .*file.*choose another/],
  ['unwritable output', 'download visa --out file/x', /cannot write .*file\/x.*choose another/],
  ['no VisA', 'prepare visa --root empty --out out', /there is no file .*split_csv.1cls\.csv/],
  [
    'unknown category',
    'synth --out data --category wool',
    /weave, tiles, gear, cap, wood, leather, screw, board, got 'wool'/,
  ],
  ['unknown data set', 'download mvtec', /unknown data set 'mvtec'; there is: visa, weights/],
  [
    'unknown weights',
    'download weights vgg',
    /weights: needs one of resnet18, .*efficientnet_lite0, got vgg$/m,
  ],
  ['no address', 'download visa --out out --url visa.tar', /needs an http or https address, got 'visa\.tar'/],
];

describe('one line on standard error and exit code 2', () => {
  test.each(cases)('%s: ddad %s', async (_, line, message) => {
    const { status, stdout, stderr } = await ddad(line.split(' '), { cwd });
    expect(status, stderr).toBe(2);
    expect(stdout).toBe('');
    expect(
      stderr
        .trimEnd()
        .split('\n')
        .filter((each) => each.startsWith('ddad: ')),
    ).toHaveLength(1);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(message);
    expect(stderr).not.toMatch(/^ +at |Error:|fault of ddad/m);
  });

  test.runIf(existsSync('/proc/self'))('a file system that refuses to make folders', async () => {
    for (const line of ['synth --out /proc/ddad', 'eval -c tiny.yaml --set output.results=/proc/ddad']) {
      const { status, stderr } = await ddad(line.split(' '), { cwd });
      expect([status, stderr]).toEqual([
        2,
        expect.stringMatching(/^ddad: .*cannot write .*\/proc\/ddad.*\n$/),
      ]);
    }
  });

  test('--verbose adds the stack', async () => {
    const { status, stderr } = await ddad(['train', '--root', 'nowhere', '--category', 'x', '--verbose'], {
      cwd,
    });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^ddad: .*\n.*Error: .*\n +at /);
  });
});

test('--skip-bad leaves out an image that does not decode, and names it', async () => {
  const line = 'train -c tiny.yaml --root broken --skip-bad --set output.checkpoints=skipped';
  const { status, stderr } = await ddad(line.split(' '), { cwd });
  expect(status, stderr).toBe(0);
  expect(stderr).toContain('left out 1 images that do not decode: weave/train/good/003.png\n');
});

test('Ctrl-C while training saves, --resume ends as if nothing had happened', async () => {
  const train = ['train', '-c', 'tiny.yaml', '--set', 'training.steps=12', '--set'];
  const whole = await ddad([...train, 'output.checkpoints=whole', '--json'], { cwd });
  expect(whole.status, whole.stderr).toBe(0);

  let sent = false;
  const stopped = await ddad([...train, 'output.checkpoints=stopped'], {
    cwd,
    onStderr(child, stderr) {
      if (sent || !stderr.includes('engine: ')) return;
      sent = true;
      setTimeout(() => child.kill('SIGINT'), 1000);
    },
  });
  expect(stopped.status, stopped.stderr).toBe(130);
  const last = stopped.stderr.trimEnd().split('\n').at(-1);
  expect(last).toMatch(/^ddad: interrupted at step \d+ of 12; saved in stopped, --resume continues it$/);

  const resumed = await ddad([...train, 'output.checkpoints=stopped', '--resume', '--json'], { cwd });
  expect(resumed.status, resumed.stderr).toBe(0);
  const { steps, loss } = JSON.parse(resumed.stdout);
  expect({ steps, loss }).toEqual({ steps: 12, loss: JSON.parse(whole.stdout).loss });
});

describe('detect', () => {
  const run = (line: string) => ddad(`detect --checkpoint ${detector} ${line}`.split(' '), { cwd });

  test('files and folders as lines of JSON; a bad file does not stop the others, the exit code tells', async () => {
    const { status, stdout, stderr } = await run(
      `${image} file data/weave/test/good --json --fail-on-anomaly`,
    );
    expect(status, stderr).toBe(2);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ path }) => path)).toEqual([image, 'file', 'data/weave/test/good/001.png']);
    expect(lines[0]).toMatchObject({
      width: 32,
      height: 32,
      imageWidth: 32,
      imageHeight: 32,
      regions: expect.any(Array),
    });
    expect(lines[1]).toEqual({ path: 'file', error: expect.stringMatching(/^cannot read file: not a PNG/) });
    expect(stderr).toContain('ddad: cannot read file: not a PNG');
  });

  test('a summary, a CSV, pictures; exit code 3 on request where something is anomalous', async () => {
    const files = `${image} data/weave/test/good/001.png --csv r/all.csv --out found --threshold 0.0001`;
    const { status, stdout } = await run(`${files} --fail-on-anomaly`);
    expect(status).toBe(3);
    expect(stdout.trimEnd().split('\n').slice(-3)).toEqual([
      '2 images: 2 anomalous, 0 good.',
      'Wrote 2 pictures with heat map and frames to found',
      'Wrote r/all.csv',
    ]);
    expect((await readdir(join(cwd, 'found'))).sort()).toEqual(['000.png', '001.png']);
    expect((await readFile(join(cwd, 'r/all.csv'), 'utf8')).split('\n')).toHaveLength(4);
    expect((await run(`${image} --threshold 0.0001`)).status).toBe(0);
    expect((await run(`${image} --threshold 999 --fail-on-anomaly`)).status).toBe(0);
    expect((await run(`${image} file --skip-bad`)).status).toBe(0);
  });

  test('by its bundle, the same lines', async () => {
    const [folder, bundle] = [
      await run(`${image} --json`),
      await ddad(`detect --checkpoint whole.ddad ${image} --json`.split(' '), { cwd }),
    ];
    expect(bundle.status, bundle.stderr).toBe(0);
    expect(bundle.stdout).toBe(folder.stdout);
  });

  test('--dry-run shows what it would work with', async () => {
    const { status, stdout } = await run(`${image} --dry-run --json --threshold 0.5`);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      seed: 5,
      data: { imageSize: 32 },
      scoring: { threshold: 0.5 },
    });
  });
});

test('calibrate --set changes the false-alarm rate', async () => {
  const at = (name: string) => ddad(`calibrate --checkpoint ${detector} ${name} --json`.split(' '), { cwd });
  const [set, flag, strict] = [
    await at('--set scoring.falseAlarmRate=0.2'),
    await at('--false-alarm-rate 0.2'),
    await at('--false-alarm-rate 0.01'),
  ].map(({ stdout }) => JSON.parse(stdout));
  expect(set).toEqual(flag);
  expect(set.falseAlarmRate).toBe(0.2);
  expect(set.threshold).toBeLessThan(strict.threshold);
});
