import { Header } from 'tar';

export interface TarEntry {
  path: string;
  body?: Uint8Array | string;
  type?: 'File' | 'Directory' | 'SymbolicLink' | 'Link' | 'CharacterDevice' | 'FIFO' | 'ExtendedHeader';
  linkpath?: string;
  /** What the header claims; the body's length if not given. */
  size?: number;
  mode?: number;
}

/** The bytes of a tar archive with these entries, whatever they are. */
export function tarOf(entries: TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ path, body = '', type = 'File', linkpath, size, mode = 0o644 }) => {
    const bytes = Buffer.from(body);
    const header = new Header({ path, type, linkpath, mode, size: size ?? bytes.length, mtime: new Date(0) });
    header.encode();
    return [header.block!, bytes, Buffer.alloc(-bytes.length & 511)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
