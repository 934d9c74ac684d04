import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What a Prometheus server reads from /metrics. */
export interface Metrics {
  registry: Registry;
  requests: Counter<'route' | 'method' | 'status'>;
  requestSeconds: Histogram<'route' | 'method'>;
  detections: Counter<'detector' | 'version' | 'verdict'>;
  stageSeconds: Histogram<'detector' | 'stage'>;
  driftLevel: Gauge<'detector'>;
}

const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** @param now what is measured when it is read */
export function createMetrics(now: {
  accepted: () => number;
  queued: () => number;
  refused: () => number;
  restarts: () => number;
}): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      ...{ name, help, registers },
      collect() {
        this.set(value());
      },
    });
  gauge('ddad_images_accepted', 'Images that are accepted and not answered.', now.accepted);
  gauge('ddad_images_queued', 'Images that no thread has taken.', now.queued);
  gauge('ddad_refused', 'Requests refused because the queue was full, since the start.', now.refused);
  gauge('ddad_thread_restarts', 'Threads that had to be replaced, since the start.', now.restarts);
  return {
    registry,
    requests: new Counter({
      ...{ name: 'ddad_http_requests_total', help: 'Requests answered.', registers },
      labelNames: ['route', 'method', 'status'],
    }),
    requestSeconds: new Histogram({
      ...{ name: 'ddad_http_request_seconds', help: 'Time to the answer.', registers, buckets: seconds },
      labelNames: ['route', 'method'],
    }),
    detections: new Counter({
      ...{ name: 'ddad_detections_total', help: 'Images judged.', registers },
      labelNames: ['detector', 'version', 'verdict'],
    }),
    stageSeconds: new Histogram({
      ...{ name: 'ddad_stage_seconds', help: 'Time of an image in a stage.', registers, buckets: seconds },
      labelNames: ['detector', 'stage'],
    }),
    driftLevel: new Gauge({
      name: 'ddad_drift_level',
      help: 'How likely scores so unlike those of the calibration are without a drift, at most; warned of at 0.01.',
      registers,
      labelNames: ['detector'],
    }),
  };
}
