import { parentPort } from 'node:worker_threads';
import { type DecodeJob, decodeJob } from './decodeJob.js';

parentPort!.on('message', async (job: DecodeJob) => {
  const reply = await decodeJob(job);
  parentPort!.postMessage(reply, 'data' in reply ? [reply.data.buffer as ArrayBuffer] : []);
});
