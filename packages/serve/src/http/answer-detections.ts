import type { FastifyReply } from 'fastify';
import type { Judged } from '../detectors/judge.js';
import type { Detection, DetectQuery } from '../schemas.js';
import { ServiceError } from '../service-error.js';
import type { Outputs } from '../worker/messages.js';

export const detectionHeader = 'x-ddad-detection';

/** Regions that a header has room for. */
const mostRegions = 50;

const types = { png: 'image/png', jpeg: 'image/jpeg', raw: 'application/octet-stream' };

/** Answers with JSON, or with the one picture that was asked for and the JSON in a header. */
export function answerDetection(reply: FastifyReply, judged: Judged, { json, ...query }: DetectQuery) {
  const outputs = outputsOf(query);
  const names = Object.keys(outputs) as (keyof Outputs)[];
  if (json === '1' || names.length !== 1) return reply.send(withFiles(judged, outputs));
  const [name] = names;
  const bytes = judged.files[name];
  if (!bytes) throw noReconstruction();
  const { detection, map } = judged;
  const short = { ...detection, regions: detection.regions.slice(0, mostRegions), map };
  return reply.header(detectionHeader, ascii(short)).type(types[outputs[name]!]).send(Buffer.from(bytes));
}

/** The numbers, and the pictures in base64. */
export function withFiles({ detection, map, files }: Judged, outputs: Outputs): Detection {
  const { width, height } = detection.image;
  const sizes = { map, reconstruction: map, overlay: { width, height } };
  const encoded = Object.entries(files).map(([key, bytes]) => {
    const name = key as keyof Outputs;
    const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
    return [name, { type: types[outputs[name]!], ...sizes[name], base64 }];
  });
  return { ...detection, ...Object.fromEntries(encoded) };
}

export function outputsOf({ map, overlay, reconstruction }: DetectQuery): Outputs {
  return { ...(map && { map }), ...(overlay && { overlay }), ...(reconstruction && { reconstruction }) };
}

function noReconstruction(): ServiceError {
  return new ServiceError('this detector works by its memory alone and has no reconstruction', {
    code: 'request',
    remedy: 'ask for its map',
  });
}

/** Headers hold no other characters. */
function ascii(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
