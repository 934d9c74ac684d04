import { PassThrough } from 'node:stream';
import type { Progress } from '@ddad/pipeline';
import { expect, test } from 'vitest';
import { progressView } from './progress.js';
import { phaseNames, progressLine } from './progress-line.js';

const progress = { phase: 'train', done: 250, total: 1000, loss: 123.456 } as const;

test('a wide line has the phase, a bar, percent, time left, loss and count', () => {
  const line = progressLine(progress, { width: 100, secondsLeft: 80 });
  expect(line).toBe(`Training ${'█'.repeat(8)}${'░'.repeat(22)}  25% 1 min 20 s left loss 123.5 250/1000`);
});

test('no width is exceeded; what matters least goes first', () => {
  for (let width = 1; width <= 120; width++) {
    expect(progressLine(progress, { width, secondsLeft: 80 }).length).toBeLessThan(Math.max(width, 2));
  }
  const narrow = progressLine(progress, { width: 34, secondsLeft: 80 });
  expect(narrow).toContain('25%');
  expect(narrow).toContain('1 min 20 s left');
  expect(narrow).not.toContain('loss');
});

test.each(Object.keys(phaseNames) as Progress['phase'][])('nothing of %s is cut in 60 columns', (phase) => {
  const hasLoss = phase === 'train' || phase === 'adapt';
  const long = { phase, done: 123456, total: 234567, ...(hasLoss && { loss: 123.456 }) };
  const line = progressLine(long, { width: 60, secondsLeft: 12 * 3600 - 60 });
  expect(line.length).toBeLessThan(60);
  for (const part of [phaseNames[phase], '52%', '11 h 59 min left', hasLoss ? 'loss 123.5' : '']) {
    expect(line).toContain(part);
  }
  expect(line).toMatch(phase === 'download' ? /0\.1\/0\.2 MB$/ : /123456\/234567$/);
});

async function drawn(stream: PassThrough & { isTTY?: boolean; columns?: number }, env: NodeJS.ProcessEnv) {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk) => chunks.push(chunk));
  const view = await progressView(stream, env);
  for (let done = 0; done <= 1000; done++) view.update({ ...progress, done });
  view.update({ phase: 'evaluate', done: 1, total: 1 });
  view.note('a notice');
  view.stop();
  await new Promise((resolve) => setImmediate(resolve));
  return Buffer.concat(chunks).toString();
}

test('without a terminal there are few plain lines and no control codes', async () => {
  const text = await drawn(new PassThrough(), {});
  const lines = text.trimEnd().split('\n');
  expect(lines.length).toBeLessThan(8);
  expect(lines.at(-1)).toBe('a notice');
  expect(lines.at(-2)).toMatch(/^Evaluating 100% 1\/1$/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: looks for them
  expect(text).not.toMatch(/[\u001b\r█]/);
});

test('on a terminal a bar is drawn within COLUMNS, and a notice has a line of its own', async () => {
  const terminal = Object.assign(new PassThrough(), {
    isTTY: true,
    columns: 200,
    cursorTo() {},
    moveCursor() {},
    clearLine() {},
    clearScreenDown() {},
  });
  const text = await drawn(terminal, { COLUMNS: '40' });
  expect(text).toContain('Training');
  expect(text.endsWith('a notice\n')).toBe(true);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: strips them
  for (const line of text.replaceAll(/\u001b\[[?0-9;]*[A-Za-z]/g, '\n').split(/[\r\n]/)) {
    expect(line.length).toBeLessThanOrEqual(40);
  }
});
