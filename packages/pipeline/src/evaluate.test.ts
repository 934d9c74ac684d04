import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Detector, UserError } from '@ddad/detector';
import { resnet18 } from '@ddad/features';
import * as tf from '@tensorflow/tfjs';
import { expect, test } from 'vitest';
import { useTrained } from '../testing/trained.js';
import { adapt } from './adapt.js';
import type { ConfigInput } from './config/schema.js';
import { evaluate } from './evaluate.js';

const { config, copy, output, report, trained } = useTrained();

test.each(['few-step', 'one-step'] as const)(
  'a %s reconstruction evaluates, detects and adapts',
  async (reconstruction) => {
    const folder = await copy(reconstruction);
    const fast: ConfigInput = {
      ...config,
      model: { ...config.model, reconstruction },
      output: output(reconstruction),
    };
    const notices: string[] = [];
    const result = await evaluate(fast, { onNotice: (message) => notices.push(message) });
    expect(notices).toContain(
      `the detector was calibrated with other settings (model.reconstruction is "full" there and "${reconstruction}" here): ` +
        'it is calibrated anew with these',
    );
    expect(result.images.map(({ score }) => score)).not.toEqual(report.images.map(({ score }) => score));
    const detector = await Detector.load(folder);
    const [image] = result.images;
    expect((await detector.detect(trained('data', image.id))).score).toBe(image.score);
    detector.dispose();
    await adapt(fast);
  },
);

test('checkpoints of another architecture and missing ones are named', async () => {
  const wide = { ...config, model: { ...config.model, baseChannels: 64 } };
  await expect(evaluate(wide)).rejects.toThrow(
    /unet-2\.safetensors is a checkpoint of another architecture: baseChannels is 32 there and 64 here/,
  );
  await expect(evaluate(wide)).rejects.toThrow(UserError);
  await expect(evaluate({ ...config, features: { backbone: 'resnet34' } })).rejects.toThrow(
    /backbone is "resnet18" there/,
  );
  await expect(evaluate({ ...config, checkpoint: { unet: 7 } })).rejects.toThrow(
    /needs one of the epochs in .* \(2\), got 7/,
  );
});

test('an unreadable detector.json is named and made anew', async () => {
  const folder = await copy('unreadable');
  await writeFile(join(folder, 'detector.json'), '{"format":');
  const notices: string[] = [];
  const anew = await evaluate(
    { ...config, output: output('unreadable') },
    { onNotice: (message) => notices.push(message) },
  );
  expect(notices).toContainEqual(
    expect.stringMatching(/detector\.json: not JSON: it is calibrated and written anew/),
  );
  expect(anew.threshold).toBe(report.threshold);
});

test('networks that cannot be had leave no tensors of the other', async () => {
  const folder = await copy('one');
  const one: ConfigInput = { ...config, output: output('one') };
  const before = tf.memory().numTensors;
  await expect(adapt({ ...one, features: { weights: join(folder, 'unet-2.safetensors') } })).rejects.toThrow(
    /has no weights of resnet18/,
  );
  await expect(evaluate({ ...one, features: { backbone: 'resnet34' } })).rejects.toThrow(UserError);
  await expect(Detector.load(folder, { backbone: () => resnet18() })).rejects.toThrow(
    /custom and the option backbone need each other/,
  );
  expect(tf.memory().numTensors).toBe(before);
});
