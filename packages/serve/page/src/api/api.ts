import type { Detection, DetectorDetail, DetectorSummary } from '../../../src/schemas.js';
import type { Judgement, Polygons, Recalibrated } from './answers.js';
import { ApiError } from './api-error.js';
import { storedToken } from './token.js';

interface Sent {
  json?: object;
  file?: Blob;
  signal?: AbortSignal;
}

/** The station's routes. */
export class Api {
  /** @param askToken asks a person, where the station wants a token; told whether the last one was wrong */
  constructor(private readonly askToken: (wasWrong: boolean) => Promise<string>) {}

  detectors = (): Promise<DetectorSummary[]> => this.#json('GET', '/v1/detectors');

  detector = (name: string): Promise<DetectorDetail> => this.#json('GET', at(name));

  detect = (name: string, file: Blob, signal?: AbortSignal): Promise<Detection> =>
    this.#json('POST', `${at(name)}/detect?map=raw&reconstruction=png&json=1`, { file, signal });

  setThreshold = (name: string, threshold: number): Promise<DetectorSummary> =>
    this.#json('PUT', `${at(name)}/threshold`, { json: { threshold } });

  setRegion = (name: string, region: Polygons): Promise<DetectorSummary> =>
    this.#json('PUT', `${at(name)}/roi`, { json: region });

  judge = (name: string, file: Blob, query: { verdict: string; name: string }) =>
    this.#json<{ judgements: Judgement[] }>('POST', `${at(name)}/judgements?${new URLSearchParams(query)}`, {
      file,
    });

  judgements = (name: string) => this.#json<{ judgements: Judgement[] }>('GET', `${at(name)}/judgements`);

  recalibrate = (name: string): Promise<Recalibrated> =>
    this.#json('POST', `${at(name)}/recalibrate`, { json: {} });

  activate = (name: string, version: number): Promise<DetectorSummary> =>
    this.#json('POST', `${at(name)}/versions/${version}/activate`);

  log = async (name: string): Promise<string> => (await this.#ask('GET', `${at(name)}/log`)).text();

  exportJudgements = async (name: string): Promise<Blob> =>
    (await this.#ask('GET', `${at(name)}/judgements/export`)).blob();

  async #json<T>(method: string, path: string, what?: Sent): Promise<T> {
    return (await this.#ask(method, path, what)).json();
  }

  /** @throws {ApiError} any answer but a good one */
  async #ask(method: string, path: string, { json, file, signal }: Sent = {}): Promise<Response> {
    for (let attempt = 0; ; attempt++) {
      const token = storedToken.get();
      const response = await fetch(`.${path}`, {
        method,
        signal,
        headers: {
          ...(token && { authorization: `Bearer ${token}` }),
          ...(json && { 'content-type': 'application/json' }),
          ...(file && {
            'content-type': file.type.startsWith('image/') ? file.type : 'application/octet-stream',
          }),
        },
        body: json ? JSON.stringify(json) : file,
      });
      if (response.ok) return response;
      if (response.status !== 401) throw await ApiError.of(response);
      storedToken.set(await this.askToken(attempt > 0));
    }
  }
}

function at(name: string): string {
  return `/v1/detectors/${encodeURIComponent(name)}`;
}
