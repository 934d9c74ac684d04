import { parentPort } from 'node:worker_threads';
import { type Job, READY, runJob } from './decode-job.js';

parentPort!.postMessage(READY);
parentPort!.on('message', async (job: Job) => {
  const reply = await runJob(job);
  parentPort!.postMessage(reply, 'data' in reply ? [reply.data.buffer as ArrayBuffer] : []);
});
