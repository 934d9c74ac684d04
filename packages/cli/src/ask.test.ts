import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { asking } from './ask.js';

const number = (answer: string) => {
  const value = Number(answer);
  if (!(value > 0)) throw new Error('needs a number');
  return value;
};

test('a question comes again until its answer can be read', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const answers = ['none', '-1', ' 7 ', 'name'];
  // each line when its question is there, as someone types
  output.on('data', (chunk) => {
    if (String(chunk).endsWith('? ')) input.write(`${answers.shift()}\n`);
  });
  const found = await asking({ input, output }, async (ask) => [
    await ask('How many?', number),
    await ask('Who?', (answer) => answer),
  ]);
  output.end();
  expect(found).toEqual([7, 'name']);
  expect(answers).toEqual([]);
});

test('an input that ends, and a signal, end it', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  void text(output);
  const ended = asking({ input, output }, (ask) => ask('How many?', number));
  input.end();
  await expect(ended).rejects.toMatchObject({ name: 'AbortError' });
  const stop = new AbortController();
  const stopped = asking({ input: new PassThrough(), output, signal: stop.signal }, (ask) =>
    ask('Who?', String),
  );
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
});
