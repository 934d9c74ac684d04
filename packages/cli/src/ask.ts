import { createInterface } from 'node:readline/promises';

export interface AskOptions {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  /** Ends it. */
  signal?: AbortSignal;
}

export type Ask = <T>(question: string, read: (text: string) => T) => Promise<T>;

/**
 * Asks questions, a line each, until `read` takes the answer: what it throws is shown, and the question comes again.
 *
 * @throws an error named `AbortError` after `signal`, or where the input ends
 */
export async function asking<T>(
  { input, output, signal }: AskOptions,
  work: (ask: Ask) => Promise<T>,
): Promise<T> {
  const lines = createInterface({ input, output });
  const ended = new AbortController();
  // the terminal gives it to the interface, which would end without a word
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  const end = () => ended.abort();
  lines.on('close', end);
  signal?.addEventListener('abort', end, { once: true });
  try {
    return await work(async (question, read) => {
      for (;;) {
        const text = (await lines.question(`${question} `, { signal: ended.signal })).trim();
        try {
          return read(text);
        } catch (error) {
          output.write(`  ${(error as Error).message}\n`);
        }
      }
    });
  } finally {
    signal?.removeEventListener('abort', end);
    lines.close();
  }
}
