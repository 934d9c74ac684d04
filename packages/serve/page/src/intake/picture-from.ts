import { showable } from '../draw/showable.js';
import type { Picture } from '../model/picture.js';

let count = 0;

/** A file as a picture to look at. */
export async function pictureFrom(file: Blob, name: string): Promise<Picture> {
  const url = await showable(file, name);
  return {
    id: ++count,
    name,
    file,
    url,
    thumbnail: null,
    state: 'waiting',
    reason: null,
    seen: null,
    said: null,
  };
}
