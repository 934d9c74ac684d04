import { type Operations, routes } from './generated.js';
import { StationError } from './station-error.js';

export interface ClientOptions {
  /** e.g. `http://127.0.0.1:8017` */
  url: string;
  /** What the station asks for. @default none */
  token?: string;
  /** Ends requests. */
  signal?: AbortSignal;
  /** @default the global one */
  fetch?: typeof fetch;
}

type Name = keyof Operations;
type Input<N extends Name> = Operations[N]['input'];

/** A function for each route of a station. */
export type Client = {
  // biome-ignore lint/complexity/noBannedTypes: an input without a key may be left out
  [N in Name]: {} extends Input<N>
    ? (input?: Input<N>) => Promise<Operations[N]['answer']>
    : (input: Input<N>) => Promise<Operations[N]['answer']>;
};

/**
 * A client of a station, in Node and in browsers. Its functions throw a {@link StationError} where the station answers with
 * an error; pictures that are asked for come in base64.
 */
export function createClient(options: ClientOptions): Client {
  const names = Object.keys(routes) as Name[];
  return Object.fromEntries(
    names.map((name) => [name, (input: object = {}) => ask(routes[name], { ...input }, options)]),
  ) as Client;
}

async function ask(
  { method, path, query }: (typeof routes)[Name],
  { body, ...input }: { [name: string]: unknown },
  { url, token, signal, fetch: send = fetch }: ClientOptions,
): Promise<unknown> {
  const place = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(input[name])));
  const search = new URLSearchParams();
  for (const name of query) if (input[name] !== undefined) search.set(name, String(input[name]));
  if (query.includes('json')) search.set('json', '1');
  const asked = search.size > 0 ? `?${search}` : '';
  const response = await send(`${url.replace(/\/$/, '')}${place}${asked}`, {
    method,
    signal,
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...typeOf(body) },
    ...(body !== undefined && { body: isSent(body) ? body : JSON.stringify(body) }),
  });
  if (!response.ok) throw await errorOf(response);
  return /^application\/json/.test(response.headers.get('content-type') ?? '') ? response.json() : response;
}

function isSent(body: unknown): body is Uint8Array<ArrayBuffer> | Blob | FormData {
  return body instanceof Uint8Array || body instanceof Blob || body instanceof FormData;
}

/** A form names its own boundary. */
function typeOf(body: unknown): { [name: string]: string } {
  if (body === undefined || body instanceof FormData) return {};
  return { 'content-type': isSent(body) ? 'application/octet-stream' : 'application/json' };
}

async function errorOf(response: Response): Promise<StationError> {
  const { status, headers } = response;
  const text = await response.text();
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN);
  const more = { status, ...(retryAfter >= 0 && { retryAfter }) };
  try {
    const { code, message, remedy } = (JSON.parse(text) as { error: Record<string, string> }).error;
    return new StationError(message, { ...more, code, remedy });
  } catch {
    // something between the station and here has answered
    return new StationError(`HTTP ${status}: ${text.slice(0, 200)}`, { ...more, code: 'unknown' });
  }
}
