import type { Api } from '../api/api.js';
import type { Model } from '../model/model.js';
import { type Picture, seenOf } from '../model/picture.js';
import { h } from '../view/h.js';
import { report } from '../view/report-errors.js';
import { frameOf } from './frame-of.js';
import { pictureFrom } from './picture-from.js';

/** The camera: each frame is judged as soon as the one before it is, and can be kept. */
export function camera(model: Model, api: Api) {
  const video = h('video', { muted: true, playsinline: true, hidden: true });
  const rate = h('span', { class: 'rate' });
  const keep = h('button', { type: 'button', class: 'primary' }, 'Keep this picture');
  const stop = h('button', { type: 'button' }, 'Stop the camera');
  const element = h(
    'div',
    { class: 'live', hidden: true },
    h('span', { class: 'on-air' }, 'Live'),
    rate,
    keep,
    stop,
    video,
  );
  let stream: MediaStream | undefined;
  let shown: Picture | undefined;
  let kept = 0;

  const end = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    element.hidden = true;
    if (model.selected === shown) model.select(model.pictures.at(-1) ?? null);
    shown = undefined;
  };
  stop.addEventListener('click', end);
  keep.addEventListener('click', () => {
    const { seen, file } = shown ?? {};
    if (!seen || !file) return;
    report(model, async () => {
      const name = `camera-${String(++kept).padStart(3, '0')}.jpg`;
      const picture = await pictureFrom(file, name);
      model.add([{ ...picture, seen, state: 'seen', thumbnail: picture.url }]);
      // frames went on meanwhile
      if (shown) model.select(shown);
    });
  });

  const run = async (own: MediaStream) => {
    while (stream === own) {
      const began = performance.now();
      const file = await frameOf(video);
      const seen = seenOf(await api.detect(model.detector!.name, file));
      const next: Picture = { ...(await pictureFrom(file, 'Camera')), seen, state: 'seen' };
      if (stream !== own) return URL.revokeObjectURL(next.url);
      const before = shown;
      shown = next;
      if (!before || model.selected === before) model.select(next);
      if (before) URL.revokeObjectURL(before.url);
      rate.textContent = `${(1000 / (performance.now() - began)).toFixed(1)} pictures a second`;
    }
  };
  return {
    element,
    start: () =>
      report(model, async () => {
        if (stream) return;
        if (!navigator.mediaDevices) throw new Error('a camera needs https or localhost');
        stream = await navigator.mediaDevices.getUserMedia({
          video: { width: { ideal: 1280 } },
          audio: false,
        });
        video.srcObject = stream;
        await video.play();
        element.hidden = false;
        run(stream).catch((error) => {
          end();
          model.notice(`The camera was stopped: ${(error as Error).message}`, true);
        });
      }),
  };
}
