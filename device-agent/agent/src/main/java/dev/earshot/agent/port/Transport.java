package dev.earshot.agent.port;

import dev.earshot.protocol.MqttTopic;
import java.util.concurrent.CompletionStage;

/**
 * The connection to the gateway. Its owner tells the agent about it: {@code onConnected}, {@code
 * onDisconnected} and {@code onCommand}, on the agent's thread.
 */
@FunctionalInterface
public interface Transport {
  /**
   * Publishes at least once, in order of the calls. Completes on the agent's thread when the broker
   * has acknowledged (MQTT: PUBACK); completes exceptionally, or never, when the connection is lost
   * before that. The bytes are not modified after the call and may be kept.
   */
  CompletionStage<Void> publish(MqttTopic.Channel channel, byte[] payload);
}
