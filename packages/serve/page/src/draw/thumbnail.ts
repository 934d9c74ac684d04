import type { Picture } from '../model/picture.js';

const side = 96;

/** Address of a small version of a picture. */
export async function thumbnailOf({ url }: Pick<Picture, 'url'>): Promise<string> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const scale = side / Math.max(image.naturalWidth, image.naturalHeight);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.8));
  if (!blob) throw new Error('the browser makes no thumbnail');
  return URL.createObjectURL(blob);
}
