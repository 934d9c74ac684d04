import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A receiver that answers each request as `answer` says, and what it took. */
export async function receiver(answer: (id: string, attempt: number) => number, port = 0) {
  const taken: string[] = [];
  const attempts = new Map<string, number>();
  const headers: IncomingMessage['headers'][] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    const { id } = JSON.parse(text);
    headers.push(request.headers);
    attempts.set(id, (attempts.get(id) ?? 0) + 1);
    response.statusCode = answer(id, attempts.get(id)!);
    if (response.statusCode < 300) taken.push(id);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: bound } = server.address() as AddressInfo;
  return { taken, attempts, headers, port: bound, close: () => server.close() };
}
