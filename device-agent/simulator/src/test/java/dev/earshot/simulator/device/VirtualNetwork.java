package dev.earshot.simulator.device;

import dev.earshot.agent.port.Fetcher;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic.Channel;
import dev.earshot.simulator.TestRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Gateway and registry as devices see them, without sockets. Keeps all that was published. */
final class VirtualNetwork implements Uplink, Fetcher {
  private static final Duration LATENCY = Duration.ofMillis(20);
  private static final int CHUNK = 16_000;

  final List<Published> published = new ArrayList<>();
  private final Map<String, VirtualSession> sessions = new TreeMap<>();
  private final VirtualLoop loop;
  private final TestRegistry registry;

  /** What arrived, in order. */
  @SuppressWarnings("ArrayRecordComponent")
  record Published(DeviceId id, Channel channel, byte[] payload) {}

  VirtualNetwork(VirtualLoop loop, TestRegistry registry) {
    this.loop = loop;
    this.registry = registry;
  }

  /** Delivers a command to every device that is connected. */
  void tellAll(byte[] command) {
    List.copyOf(sessions.values()).forEach(session -> session.listener.command(command));
  }

  int connected() {
    return sessions.size();
  }

  @Override
  public Session connect(DeviceId id, Listener listener) {
    VirtualSession session = new VirtualSession(id, listener);
    var _ =
        loop.afterMachine(
            LATENCY,
            () -> {
              if (!session.closed) {
                sessions.put(id.toString(), session);
                listener.up();
              }
            });
    return session;
  }

  @Override
  public Transfer fetch(Request request, Sink sink) {
    boolean[] cancelled = {false};
    var _ = loop.afterMachine(LATENCY, () -> serve(request, sink, cancelled));
    return () -> cancelled[0] = true;
  }

  private void serve(Request request, Sink sink, boolean[] cancelled) {
    Optional<byte[]> file = registry.file(request.url().replace("http://registry", ""));
    if (cancelled[0]) {
      return;
    }
    if (file.isEmpty()) {
      sink.failed(Problem.NOT_FOUND, request.url() + ": 404");
      return;
    }
    byte[] bytes = file.get();
    for (int at = (int) request.offset(); at < bytes.length && !cancelled[0]; at += CHUNK) {
      sink.chunk(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + CHUNK)));
    }
    if (!cancelled[0]) {
      sink.done();
    }
  }

  private final class VirtualSession implements Session {
    private final DeviceId id;
    private final Listener listener;
    private final Deque<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private boolean closed;

    VirtualSession(DeviceId id, Listener listener) {
      this.id = id;
      this.listener = listener;
    }

    @Override
    public CompletionStage<Void> publish(Channel channel, byte[] payload) {
      CompletableFuture<Void> acknowledged = new CompletableFuture<>();
      waiting.add(acknowledged);
      published.add(new Published(id, channel, payload));
      var _ =
          loop.afterMachine(
              LATENCY,
              () -> {
                if (!closed) {
                  waiting.removeFirst(); // all take equally long: this one is the oldest
                  acknowledged.complete(null);
                }
              });
      return acknowledged;
    }

    @Override
    public void close() {
      closed = true;
      sessions.remove(id.toString(), this);
      List<CompletableFuture<Void>> lost = List.copyOf(waiting);
      waiting.clear();
      lost.forEach(stage -> stage.completeExceptionally(new IOException("closed")));
    }
  }
}
