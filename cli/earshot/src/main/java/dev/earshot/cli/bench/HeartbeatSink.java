package dev.earshot.cli.bench;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Takes what devices publish, acknowledges and forgets it. */
final class HeartbeatSink implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final AtomicInteger heartbeats = new AtomicInteger();
  private final int port;

  HeartbeatSink() {
    port =
        MqttServer.create(vertx, new MqttServerOptions().setHost("127.0.0.1").setPort(0))
            .endpointHandler(this::connected)
            .listen()
            .await()
            .actualPort();
  }

  private void connected(MqttEndpoint endpoint) {
    endpoint.publishAutoAck(true);
    endpoint.publishHandler(
        message -> {
          if (message.topicName().endsWith("/heartbeat")) {
            heartbeats.incrementAndGet();
          }
        });
    endpoint.subscribeHandler(
        subscribe ->
            endpoint.subscribeAcknowledge(subscribe.messageId(), List.of(MqttQoS.AT_LEAST_ONCE)));
    endpoint.accept(false);
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** How many came so far. */
  int heartbeats() {
    return heartbeats.get();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
