import type { Api } from '../api/api.js';
import type { ApiError } from '../api/api-error.js';
import { thumbnailOf } from '../draw/thumbnail.js';
import type { Model } from './model.js';
import { type Picture, seenOf } from './picture.js';

/** Pictures that the station works on at once: one while the other is on its way. */
const together = 2;

/** Has the station look at every picture that waits, the selected one first. */
export class Looking {
  #running = 0;

  constructor(
    private readonly model: Model,
    private readonly api: Api,
    /** Another version than the page knows of has answered. */
    private readonly refresh: () => Promise<void>,
  ) {}

  /** Looks at all pictures anew: another version judges now. */
  again(): void {
    for (const picture of this.model.pictures) {
      if (picture.state === 'seen' || picture.state === 'failed') picture.state = 'waiting';
      this.model.emit('picture', picture);
    }
    this.go();
  }

  go(): void {
    while (this.#running < together) {
      const { selected, pictures } = this.model;
      const next =
        selected?.state === 'waiting' ? selected : pictures.find(({ state }) => state === 'waiting');
      if (!next) return;
      this.#running++;
      this.#look(next).finally(() => {
        this.#running--;
        this.go();
      });
    }
  }

  async #look(picture: Picture): Promise<void> {
    const { model, api } = this;
    const asked = model.detector!;
    picture.state = 'looking';
    model.emit('picture', picture);
    picture.thumbnail ??= await thumbnailOf(picture).catch(() => null);
    try {
      picture.seen = seenOf(await api.detect(asked.name, picture.file));
      picture.reason = null;
      if (picture.seen.version !== model.detector?.version) await this.refresh();
      // the version changed meanwhile: it is looked at again
      picture.state = picture.seen.version === model.detector?.version ? 'seen' : 'waiting';
    } catch (error) {
      const { status, retryAfter = 1, message } = error as ApiError;
      if (status === 429 || status === 503) {
        await new Promise((resolve) => setTimeout(resolve, 1000 * retryAfter));
        picture.state = 'waiting';
      } else {
        picture.state = 'failed';
        picture.reason = message;
      }
    }
    model.emit('picture', picture);
  }
}
