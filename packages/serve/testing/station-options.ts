/** Of the stations of tests: on a free port, on one core, and patient on a busy machine, where an answer may take half a minute. */
export const stationOptions = {
  port: 0,
  engine: 'ort',
  workers: 1,
  threads: 1,
  limits: { seconds: 300 },
};
