package dev.earshot.simulator;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.protocol.delivery.DeliveryWindow;
import dev.earshot.protocol.v1.DeviceCommand;
import dev.earshot.protocol.v1.DeviceStatus;
import dev.earshot.protocol.v1.Heartbeat;
import dev.earshot.simulator.device.GatewayAddress;
import dev.earshot.simulator.truth.Counts;
import dev.earshot.simulator.truth.Truth;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.mqtt.MqttEndpoint;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import io.vertx.mqtt.messages.MqttPublishMessage;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** A gateway that acknowledges and counts, and a registry that serves files, on real sockets. */
final class TestServers implements AutoCloseable {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong orders = new AtomicLong();
  private final Map<String, MqttEndpoint> endpoints = new ConcurrentHashMap<>();
  private final Map<String, DeliveryWindow> windows = new HashMap<>();
  private final Map<Truth.Key, Counts> received = new HashMap<>();
  private final Map<String, DeviceStatus> statuses = new ConcurrentHashMap<>();
  private final Map<String, Integer> highestBoot = new ConcurrentHashMap<>();
  private final TestRegistry files;
  private final MqttServer gateway;
  private final HttpServer registry;

  TestServers(TestRegistry files) {
    this.files = files;
    this.gateway =
        MqttServer.create(vertx, new MqttServerOptions().setHost("127.0.0.1").setPort(0))
            .endpointHandler(this::accept)
            .listen()
            .await();
    this.registry =
        vertx.createHttpServer().requestHandler(this::serve).listen(0, "127.0.0.1").await();
  }

  GatewayAddress gatewayAddress() {
    return new GatewayAddress("127.0.0.1", gateway.actualPort());
  }

  String registryUrl() {
    return "http://127.0.0.1:" + registry.actualPort();
  }

  int connected() {
    return endpoints.size();
  }

  /** Each with an order of its own. */
  void tellAll(TestRelease release, DeviceCommand command) {
    long version = orders.incrementAndGet();
    endpoints.forEach(
        (id, endpoint) -> {
          byte[] ordered = release.ordered(command, DeviceId.parse(id), version, START);
          if (endpoint.isConnected()) {
            String topic = "earshot/v1/" + id + "/command";
            var _ =
                endpoint.publish(
                    topic, Buffer.buffer(ordered), MqttQoS.AT_LEAST_ONCE, false, false);
          }
        });
  }

  synchronized Map<Truth.Key, Counts> received() {
    return Map.copyOf(received);
  }

  Map<String, DeviceStatus> statuses() {
    return Map.copyOf(statuses);
  }

  Map<String, Integer> highestBoot() {
    return Map.copyOf(highestBoot);
  }

  @Override
  public void close() {
    vertx.close().await();
  }

  private void accept(MqttEndpoint endpoint) {
    String id = endpoint.auth().getUsername();
    endpoint
        .subscribeHandler(
            subscribe -> {
              endpoint.subscribeAcknowledge(subscribe.messageId(), List.of(MqttQoS.AT_LEAST_ONCE));
              endpoints.put(id, endpoint);
            })
        .publishAutoAck(false)
        .publishHandler(message -> take(endpoint, message))
        .closeHandler(closed -> endpoints.remove(id, endpoint));
    var _ = endpoint.accept(false);
  }

  private void take(MqttEndpoint endpoint, MqttPublishMessage message) {
    MqttTopic topic = MqttTopic.parse(message.topicName()).orElseThrow();
    if (!topic.deviceId().toString().equals(endpoint.auth().getUsername())) {
      throw new IllegalStateException("published as somebody else");
    }
    try {
      byte[] payload = message.payload().getBytes();
      if (topic.channel() == Channel.HEARTBEAT) {
        count(topic.deviceId().toString(), Heartbeat.parseFrom(payload));
      } else {
        statuses.put(topic.deviceId().toString(), DeviceStatus.parseFrom(payload));
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
    endpoint.publishAcknowledge(message.messageId());
  }

  private synchronized void count(String id, Heartbeat beat) {
    highestBoot.merge(id, beat.getBootId(), Math::max);
    DeliveryWindow.Outcome outcome =
        windows.getOrDefault(id, DeliveryWindow.EMPTY).offer(beat.getBootId(), beat.getSequence());
    windows.put(id, outcome.window());
    if (outcome.verdict() == DeliveryWindow.Verdict.FIRST && beat.getListeningMs() > 0) {
      received.merge(
          new Truth.Key(beat.getRelease(), beat.getEnvironment()), Counts.of(beat), Counts::plus);
    }
  }

  private void serve(HttpServerRequest request) {
    Optional<byte[]> file = files.file(String.valueOf(request.path()));
    if (file.isEmpty()) {
      var _ = request.response().setStatusCode(404).end();
      return;
    }
    byte[] content = file.get();
    String range = request.getHeader("Range");
    int offset = 0;
    if (range != null) {
      offset = Integer.parseInt(range.substring("bytes=".length(), range.length() - 1));
      request.response().setStatusCode(206);
    }
    var _ = request.response().end(Buffer.buffer(content).slice(offset, content.length));
  }
}
