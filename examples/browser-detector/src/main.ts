import { Detector } from '@ddad/detector';
import { card } from './card.js';
import './style.css';

const at = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const status = at('status');
const results = at('results');
/** WebGPU where a graphics card has it, else WebAssembly; `?engine=ort` asks for the latter. */
const engine = new URLSearchParams(location.search).get('engine') ?? 'auto';

let detector: Detector | undefined;
/** One thing after the other, in the order they were asked for. */
let work = Promise.resolve();
const queue = (job: () => Promise<void>) => {
  work = work.then(job).catch((error: Error) => {
    status.textContent = error.message;
  });
  return work;
};

async function open(place: string | File): Promise<void> {
  status.textContent = 'Loading the detector…';
  const loaded = await Detector.load(place, { engine });
  detector?.dispose();
  detector = loaded;
  results.replaceChildren();
  const { name, imageSize } = loaded.config.data;
  status.textContent = `Ready: ${name}, ${imageSize} × ${imageSize} pixels, threshold ${loaded.threshold?.toFixed(2)}.`;
}

async function judge(name: string, blob: Blob): Promise<void> {
  if (!detector) throw new Error('Drop a detector first, a .ddad file.');
  status.textContent = `Looking at ${name}…`;
  const began = performance.now();
  const detection = await detector.detect(new Uint8Array(await blob.arrayBuffer()));
  const seconds = (performance.now() - began) / 1000;
  results.append(await card(name, await createImageBitmap(blob), detection));
  found.push({ name, score: detection.score, isAnomalous: detection.isAnomalous });
  status.textContent = `${found.length} judged, the last in ${seconds.toFixed(2)} s.`;
}

function take(files: Iterable<File>): void {
  for (const file of files) {
    void queue(() => (file.name.endsWith('.ddad') ? open(file) : judge(file.name, file)));
  }
}

const fetched = async (path: string) => {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response;
};

const input = at<HTMLInputElement>('files');
input.addEventListener('change', () => {
  take(input.files ?? []);
  input.value = '';
});
for (const type of ['dragover', 'dragleave', 'drop'] as const) {
  document.addEventListener(type, (event) => {
    event.preventDefault();
    document.body.classList.toggle('over', type === 'dragover');
    if (type === 'drop') take(event.dataTransfer?.files ?? []);
  });
}
at<HTMLInputElement>('opacity').addEventListener('input', ({ target }) => {
  results.style.setProperty('--heat', `${Number((target as HTMLInputElement).value) / 100}`);
});
const samples = at<HTMLButtonElement>('samples');
samples.addEventListener('click', () => {
  void queue(async () => {
    for (const path of (await (await fetched('samples.json')).json()) as string[]) {
      await judge(path.split('/').at(-1)!, await (await fetched(path)).blob());
    }
  });
});

/** What was judged, for programs that look at the page. */
const found: { name: string; score: number; isAnomalous: boolean }[] = [];
Object.assign(window, { found });

void queue(async () => {
  await open('detector.ddad');
  samples.hidden = false;
});
