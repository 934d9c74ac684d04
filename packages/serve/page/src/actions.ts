import type { Judgement, Polygons } from './api/answers.js';
import type { Api } from './api/api.js';
import type { GivenFile } from './intake/files-of.js';
import { pictureFrom } from './intake/picture-from.js';
import { Looking } from './model/looking.js';
import type { Model } from './model/model.js';
import type { Picture } from './model/picture.js';
import { counted, format } from './view/format.js';

/** What a person can do on the page. */
export class Actions {
  readonly #looking: Looking;
  /** Of all judged pictures, those that are not on the page too. */
  judgements: readonly Judgement[] = [];

  constructor(
    private readonly model: Model,
    private readonly api: Api,
  ) {
    this.#looking = new Looking(model, api, () => this.refresh());
  }

  /** Loads what there is. */
  async start(): Promise<void> {
    this.model.setDetectors(await this.api.detectors());
    await this.use(this.model.names[0]);
  }

  async use(name: string): Promise<void> {
    this.model.setDetector(await this.api.detector(name));
    this.#apply((await this.api.judgements(name)).judgements);
    this.#looking.again();
  }

  async refresh(): Promise<void> {
    this.model.setDetector(await this.api.detector(this.#name));
  }

  async add(files: readonly GivenFile[]): Promise<void> {
    if (files.length === 0) {
      this.model.notice('There is no picture in it: PNG, JPEG, BMP, TIFF and WebP are taken.', true);
      return;
    }
    const pictures: Picture[] = [];
    for (const { file, name } of files) pictures.push(await pictureFrom(file, name));
    this.model.add(pictures);
    this.#looking.go();
  }

  async saveThreshold(): Promise<void> {
    const { threshold } = this.model;
    const { version } = await this.api.setThreshold(this.#name, threshold);
    // the same weights and scores
    for (const { seen } of this.model.pictures) if (seen) seen.version = version;
    await this.refresh();
    this.model.notice(`Threshold ${format(threshold)} is in use as version ${version}.`);
  }

  async saveRegion(region: Polygons): Promise<void> {
    const { version } = await this.api.setRegion(this.#name, region);
    await this.#changed(`The region of interest is in use as version ${version}.`);
  }

  /** The same verdict a second time takes it back. */
  async judge(picture: Picture, said: 'good' | 'bad'): Promise<void> {
    const verdict = picture.said === said ? 'none' : said;
    const { judgements } = await this.api.judge(this.#name, picture.file, { verdict, name: picture.name });
    picture.said = verdict === 'none' ? null : verdict;
    this.#apply(judgements);
    this.model.emit('picture', picture);
  }

  async recalibrate(): Promise<void> {
    const before = this.model.detector!.threshold.value;
    const { version, pictures, threshold, seconds } = await this.api.recalibrate(this.#name);
    const taken = `It has taken ${counted(pictures, 'good picture')} into account in ${seconds.toFixed(1)} s`;
    const [was, is] = [before, threshold].map(format);
    const change = was === is ? `the threshold stays ${is}` : `threshold ${was}, now ${is}`;
    await this.#changed(`Version ${version} is in use. ${taken}; ${change}.`);
  }

  async activate(version: number): Promise<void> {
    await this.api.activate(this.#name, version);
    await this.#changed(`Version ${version} is in use.`);
  }

  log(): Promise<string> {
    return this.api.log(this.#name);
  }

  exportJudgements(): Promise<Blob> {
    return this.api.exportJudgements(this.#name);
  }

  get #name(): string {
    return this.model.detector!.name;
  }

  async #changed(text: string): Promise<void> {
    await this.refresh();
    this.#looking.again();
    this.model.notice(text);
  }

  #apply(judgements: readonly Judgement[]): void {
    this.judgements = judgements;
    const said = new Map(judgements.map(({ sha256, verdict }) => [sha256, verdict]));
    for (const picture of this.model.pictures) {
      if (picture.seen) picture.said = said.get(picture.seen.sha256) ?? null;
    }
    this.model.emit('judged', undefined);
  }
}
