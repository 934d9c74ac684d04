import { encodePng, readImage } from '@ddad/images';

/** What the tests in ../images.browser.ts call; bytes travel as arrays of numbers. */

async function read(file: number[], options: object) {
  const { data, ...rest } = await readImage(Uint8Array.from(file), options);
  return { data: [...data], ...rest };
}

/** A PNG encoded here and read again here. */
async function roundTrip(data: number[], width: number, height: number, channels: number) {
  return read([...encodePng({ data: Uint8Array.from(data), width, height, channels })], {});
}

Object.assign(window, { page: { read, roundTrip } });
