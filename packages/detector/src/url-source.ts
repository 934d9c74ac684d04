import { UserError } from './errors.js';

/** Where a detector's files come from: `detector.json` and the weights it names. */
export interface FileSource {
  /** Opens error messages: a folder, an address, the name of a bundle. */
  name: string;
  /**
   * The bytes of one file.
   *
   * @throws where there is none
   */
  read(name: string): Promise<Uint8Array>;
}

/** How a file of a source is named in messages. */
export function pathIn({ name }: Pick<FileSource, 'name'>, file: string): string {
  return `${name.replace(/\/$/, '')}/${file}`;
}

/** The files below an address, as if it ended in `/`. */
export function urlSource(address: URL): FileSource {
  const folder = new URL(address);
  if (!folder.pathname.endsWith('/')) folder.pathname += '/';
  return { name: folder.href, read: (name) => fetchBytes(new URL(encodeURIComponent(name), folder)) };
}

/** Whether an address is that of a bundle, and not of a folder. */
export function namesBundle({ pathname }: URL): boolean {
  return pathname.endsWith('.ddad');
}

/**
 * The bytes at an address.
 *
 * @throws {UserError} the server cannot be reached, or has no such file
 */
export async function fetchBytes(url: URL): Promise<Uint8Array> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (error) {
    const { message, cause } = error as Error;
    throw new UserError(`cannot read ${url.href}: ${(cause as Error)?.message ?? message}`, {
      code: 'network',
      cause: error,
    });
  }
  if (!response.ok) {
    const why = response.status === 404 ? 'there is no such file' : response.statusText;
    throw new UserError(`cannot read ${url.href}: the server answers ${response.status} (${why})`, {
      code: 'network',
    });
  }
  return new Uint8Array(await response.arrayBuffer());
}
