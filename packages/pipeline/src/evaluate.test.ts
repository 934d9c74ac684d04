import { expect, test } from 'vitest';
import { adapt } from './adapt.js';
import type { ConfigInput } from './config/schema.js';
import { Detector } from './detector.js';
import { evaluate } from './evaluate.js';
import { useTrained } from './testing/trained.js';
import { UserError } from './user-error.js';

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
    const result = await evaluate(fast);
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
