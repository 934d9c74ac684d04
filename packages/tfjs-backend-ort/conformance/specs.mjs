import '@tensorflow/tfjs';
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util';
import { initOrt } from '../src/index.ts';

await initOrt({ threads: 1 });
setTestEnvs([{ name: 'ort', backendName: 'ort', isDataSync: true }]);
await import('@tensorflow/tfjs-core/dist/tests');
