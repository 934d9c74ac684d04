import { createHash } from 'node:crypto';
import { checkOptions, UserError } from '@ddad/detector';
import type { MqttClient } from 'mqtt';
import { orAborted } from './or-aborted.js';
import type { Sender } from './sender.js';

export interface MqttOptions {
  /** `mqtt:`, `mqtts:`, `ws:` or `wss:`, with user and password where the broker wants them. */
  url: string;
  /** `{detector}` is the detector's name. @default 'ddad/{detector}/verdicts' */
  topic?: string;
  /** @default 2 */
  qos?: 0 | 1 | 2;
  /** Two that are connected at once need two. @default of the machine and the folder of verdicts */
  clientId?: string;
}

/**
 * Publishes each verdict, one at a time; with QoS 2 the broker has confirmed that it has it once. The session is kept by the
 * broker, so that a verdict that was on its way when the connection broke is neither lost nor doubled.
 *
 * @param options.place makes the client's name
 * @throws {UserError} no address, a topic that cannot be published to
 */
export function mqttSender(
  given: MqttOptions,
  { place, onNotice }: { place: string; onNotice: (message: string) => void },
): Sender {
  checkOptions('option mqtt', given, { url: true, topic: true, qos: true, clientId: true });
  const { url, topic = 'ddad/{detector}/verdicts', qos = 2, clientId } = given;
  const address = URL.canParse(url) ? new URL(url) : undefined;
  if (!address || !/^(mqtts?|wss?):$/.test(address.protocol)) {
    throw new UserError(`option mqtt: needs an mqtt, mqtts, ws or wss address, got '${url}'`, {
      code: 'option',
    });
  }
  if (topic === '' || /[#+\0]/.test(topic)) {
    throw new UserError(`option mqtt: needs a topic without # and +, got '${topic}'`, { code: 'option' });
  }
  const options = {
    clientId: clientId ?? `ddad-${createHash('sha256').update(place).digest('hex').slice(0, 16)}`,
    ...{ reconnectPeriod: 500, reconnectOnConnackError: true },
  };
  const clients: MqttClient[] = [];
  const start = async (clean: boolean) => {
    const { default: mqtt } = await import('mqtt');
    const client = mqtt.connect(url, { ...options, clean });
    clients.push(client);
    tellOnce(client, (message) => onNotice(`mqtt: ${address.host}: ${message}`));
    return client;
  };
  let connected: Promise<MqttClient> | undefined;
  /** A client that connects again by itself. */
  const connect = async (signal: AbortSignal) => {
    // What an earlier process left on its way is sent anew, from its cursor: the broker is to forget its half of it, and
    // its packet numbers.
    const first = await start(true);
    await orAborted(new Promise((resolve) => first.once('connect', resolve)), signal);
    await first.endAsync();
    return start(false);
  };
  return {
    name: 'mqtt',
    async send({ detector }, line, signal) {
      connected ??= connect(signal);
      const client = await connected;
      const to = topic.replaceAll('{detector}', detector);
      await orAborted(client.publishAsync(to, line, { qos }), signal);
    },
    async close() {
      for (const client of clients) await client.endAsync(true);
    },
  };
}

/** Tells each new reason why there is no connection. */
function tellOnce(client: MqttClient, tell: (message: string) => void): void {
  let last = '';
  client.on('error', (error) => {
    const message = error.message || (error as NodeJS.ErrnoException).code || 'the connection failed';
    if (message !== last) tell(message);
    last = message;
  });
  client.on('connect', () => {
    last = '';
  });
}
