import type { MqttOptions, WebhookOptions } from '@ddad/serve';
import type { Command } from 'commander';

/** Options of the commands that tell verdicts to others. */
export interface ReceiverOptions {
  webhook?: string;
  mqtt?: string;
  topic?: string;
}

export function withReceivers(command: Command): Command {
  return command
    .option('--webhook <url>', 'POST each verdict there')
    .option('--mqtt <url>', 'publish each verdict to this broker, with QoS 2')
    .option('--topic <name>', 'MQTT topic (default: ddad/{detector}/verdicts)');
}

/** Ends the command where they do not go together. */
export function receiversOf(
  command: Command,
  { webhook, mqtt, topic }: ReceiverOptions,
): { webhook?: WebhookOptions; mqtt?: MqttOptions } {
  if (topic !== undefined && mqtt === undefined) command.error('error: --topic needs --mqtt');
  return {
    webhook: webhook === undefined ? undefined : { url: webhook },
    mqtt: mqtt === undefined ? undefined : { url: mqtt, topic },
  };
}
