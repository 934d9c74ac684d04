const block = 512;

/**
 * Header of a file in a tar archive (ustar, IEEE Std 1003.1-2001).
 *
 * @param file.name ASCII, at most 100 bytes
 * @param file.size bytes, below 8 GiB
 * @param file.time seconds since 1970
 */
export function tarHeader({ name, size, time }: { name: string; size: number; time: number }): Uint8Array {
  if (!/^[ -~]{1,100}$/.test(name) || !(size >= 0 && size < 8 ** 11)) {
    throw new Error(
      `tarHeader: needs an ASCII name of 1 to 100 bytes and a size below 8 GiB, got ${name}, ${size}`,
    );
  }
  const header = Buffer.alloc(block);
  const octal = (value: number, digits: number) => `${Math.floor(value).toString(8).padStart(digits, '0')}\0`;
  header.write(name, 0, 'latin1');
  header.write(octal(0o644, 7), 100);
  header.write(octal(0, 7), 108);
  header.write(octal(0, 7), 116);
  header.write(octal(size, 11), 124);
  header.write(octal(time, 11), 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((a, b) => a + b);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}

/** What follows a file of this size, up to the next block. */
export function tarPadding(size: number): Uint8Array {
  return Buffer.alloc((block - (size % block)) % block);
}

/** What ends an archive. */
export const tarEnd: Uint8Array = Buffer.alloc(2 * block);
