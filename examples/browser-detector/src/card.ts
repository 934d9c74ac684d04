import type { Detection } from '@ddad/detector';
import { heatImage } from './heat.js';

/** A judged picture: itself, its heat map above it with a frame around each region, and the verdict. */
export async function card(name: string, picture: ImageBitmap, detection: Detection): Promise<HTMLElement> {
  const { score, threshold, isAnomalous, regions } = detection;
  const figure = document.createElement('figure');
  figure.className = isAnomalous ? 'anomalous' : 'good';
  const verdict = isAnomalous
    ? `Defective: ${regions.length} ${regions.length === 1 ? 'place' : 'places'}`
    : 'Good';

  const photo = canvasOf(picture);
  photo.context.drawImage(picture, 0, 0);
  const heat = canvasOf(picture);
  const map = await createImageBitmap(heatImage(detection));
  heat.context.imageSmoothingQuality = 'high';
  heat.context.drawImage(map, 0, 0, picture.width, picture.height);
  heat.context.lineWidth = Math.max(1.5, picture.width / 120);
  heat.context.strokeStyle = '#c81028';
  for (const { original } of regions) {
    if (original) heat.context.strokeRect(original.x, original.y, original.width, original.height);
  }
  photo.canvas.setAttribute('role', 'img');
  photo.canvas.setAttribute('aria-label', `${name}: ${verdict}`);

  const frame = document.createElement('div');
  frame.className = 'picture';
  frame.append(photo.canvas, heat.canvas);
  const caption = document.createElement('figcaption');
  const strong = Object.assign(document.createElement('strong'), { textContent: verdict });
  const numbers = `${name}, score ${score.toFixed(2)} of ${threshold.toFixed(2)}`;
  caption.append(
    strong,
    Object.assign(document.createElement('span'), { className: 'quiet', textContent: numbers }),
  );
  figure.append(frame, caption);
  return figure;
}

function canvasOf({ width, height }: ImageBitmap) {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  return { canvas, context: canvas.getContext('2d')! };
}
