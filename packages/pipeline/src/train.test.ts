import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { InterruptedError, UserError } from '@ddad/detector';
import { expect, test } from 'vitest';
import { areEqual, useTrained } from '../testing/trained.js';
import { adapt } from './adapt.js';
import type { ConfigInput } from './config/schema.js';
import { evaluate } from './evaluate.js';
import { train } from './train.js';

const { at, config, copy, trained } = useTrained();

test('an interrupted training that is resumed ends as if it had never stopped', async () => {
  const parted = { ...config, output: { ...config.output, checkpoints: at('parted') } };
  const controller = new AbortController();
  await expect(
    train(parted, {
      signal: controller.signal,
      onProgress: ({ phase, done }) => phase === 'train' && done === 3 && controller.abort(),
    }),
  ).rejects.toThrow(InterruptedError);
  const resumed = await train(parted, { resume: true });
  expect(resumed).toMatchObject({ steps: 5, epoch: 2 });
  expect(
    await areEqual(at('parted', 'unet-2.safetensors'), trained('checkpoints', 'unet-2.safetensors')),
  ).toBe(true);
  expect(await readFile(at('parted', 'training.csv'), 'utf8')).toBe(
    await readFile(trained('checkpoints', 'training.csv'), 'utf8'),
  );

  const finished = await train(parted, { resume: true });
  expect(finished.checkpoint).toBe(at('parted', 'unet-2.safetensors'));
  await expect(train({ ...parted, seed: 6 }, { resume: true })).rejects.toThrow(/has other settings/);
  await expect(train({ ...parted, training: { steps: 4, batchSize: 4 } }, { resume: true })).rejects.toThrow(
    /has other settings/, // its cosine is another one
  );

  const notices: string[] = [];
  const fresh = { ...parted, output: { checkpoints: at('fresh') } };
  await train(fresh, { resume: true, onNotice: (notice) => notices.push(notice) });
  expect(notices).toContainEqual(
    expect.stringMatching(/^nothing to resume in .*fresh: training from the beginning/),
  );
  expect(
    await areEqual(at('fresh', 'unet-2.safetensors'), trained('checkpoints', 'unet-2.safetensors')),
  ).toBe(true);
});

test('a training stops early and leaves the weights with the lowest error on good images', async () => {
  const early: ConfigInput = {
    ...config,
    training: {
      epochs: 30,
      batchSize: 10,
      learningRate: 0.05, // far too high: it gets worse
      learningRateSchedule: 'constant',
      warmupSteps: 2,
      clipNorm: 1e4,
      ema: 0.5,
      microBatchSize: 4,
      validateEvery: 1,
      patience: 2,
    },
    output: { checkpoints: at('early') },
  };
  const result = await train(early);
  expect(result.stoppedEarly).toBe(true);
  expect(result.checkpoint).toBe(at('early', `unet-${result.best!.epoch}.safetensors`));
  const rows = (await readFile(at('early', 'validation.csv'), 'utf8')).trim().split('\n').slice(1);
  const errors = rows.map((row) => Number(row.split(',')[1]));
  expect(errors).toHaveLength(result.epoch);
  expect(result.best!.epoch).toBe(result.epoch - 2);
  expect(Math.min(...errors)).toBe(result.best!.error);
  expect(errors[result.best!.epoch - 1]).toBe(result.best!.error);
  await adapt({ ...early, adaptation: { epochs: 0 } });
  const manifest = JSON.parse(await readFile(at('early', 'detector.json'), 'utf8'));
  expect(manifest.unet.epoch).toBe(result.best!.epoch);
  await expect(train({ ...early, training: { ...early.training, validateEvery: null } })).rejects.toThrow(
    /training.patience: needs training.validateEvery/,
  );
});

test('a shorter training in the same folder is the one that is used afterwards', async () => {
  await copy('again');
  const again = { ...config, output: { ...config.output, checkpoints: at('again') } };
  const short = {
    ...again,
    training: { ...config.training, steps: 2 },
    adaptation: { ...config.adaptation, epochs: 0 },
  };
  await train(short, { overwrite: true });
  const { checkpoint } = await adapt(short);
  expect(checkpoint).toBe(at('again', 'features-0.safetensors'));
  const manifest = JSON.parse(await readFile(at('again', 'detector.json'), 'utf8'));
  expect(manifest).toMatchObject({
    unet: { file: 'unet-1.safetensors' },
    features: { file: 'features-0.safetensors' },
  });
  const { config: evaluated } = await evaluate({
    ...short,
    output: { ...short.output, results: at('again-results') },
  });
  expect(evaluated.checkpoint.features).toBe('last');
  const after = JSON.parse(await readFile(at('again', 'detector.json'), 'utf8'));
  expect(after.features).toEqual(manifest.features);
  // what the longer run left is still there
  expect(await readdir(at('again'))).toEqual(
    expect.arrayContaining(['unet-2.safetensors', 'features-1.safetensors']),
  );
});

test('the same training is continued, another one neither continued nor replaced', async () => {
  const same: ConfigInput = { ...config, output: { checkpoints: await copy('kept') } };
  const notices: string[] = [];
  const onNotice = (notice: string) => notices.push(notice);
  const weights = [at('kept', 'unet-2.safetensors'), trained('checkpoints', 'unet-2.safetensors')] as const;
  const again = await train(same, { onNotice });
  expect(again).toMatchObject({ steps: 5, checkpoint: weights[0] });
  expect(notices).toContainEqual(
    expect.stringMatching(
      /kept holds this training, at step 5 of 5: going on from there \(option overwrite /,
    ),
  );
  for (const other of [{ seed: 6 }, { training: { ...config.training, steps: 6 } }]) {
    await expect(train({ ...same, ...other })).rejects.toThrow(
      /^the training saved in .*kept has other settings: (seed|training.steps) is 5 there and 6 here; option overwrite replaces it, or choose another folder/,
    );
  }
  await expect(train({ ...same, seed: 6 })).rejects.toThrow(UserError);
  expect(await areEqual(...weights)).toBe(true);
  await expect(train(same, { resume: true, overwrite: true })).rejects.toThrow(/exclude each other/);
  for (const name of ['state.safetensors', 'state.json']) await rm(at('kept', name));
  await expect(train(same)).rejects.toThrow(/kept holds unet-2\.safetensors and no state to continue from/);
  await train({ ...same, seed: 6 }, { overwrite: true });
  expect(await areEqual(...weights)).toBe(false);
});

test('a training is continued on other images only with resume', async () => {
  await cp(trained('data'), at('more'), { recursive: true });
  const more: ConfigInput = {
    ...config,
    data: { ...config.data, root: at('more') },
    training: { steps: 1, batchSize: 4 },
    output: { checkpoints: at('more-checkpoints') },
  };
  await train(more);
  await cp(at('more', 'weave', 'test', 'good', '000.png'), at('more', 'weave', 'train', 'good', '900.png'));
  await expect(train(more)).rejects.toThrow(
    /began on other images; option resume continues it on these, option over/,
  );
  expect(await train(more, { resume: true })).toMatchObject({ steps: 1 });
});

test('a damaged state is named', async () => {
  const checkpoints = await copy('damaged');
  const bytes = await readFile(at('damaged', 'state.safetensors'));
  await writeFile(at('damaged', 'state.safetensors'), bytes.subarray(0, 100));
  await expect(train({ ...config, output: { checkpoints } }, { resume: true })).rejects.toThrow(
    /state\.safetensors is damaged/,
  );
});
