package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.Answers;
import dev.earshot.protocol.DeviceId;
import dev.earshot.protocol.MqttTopic;
import dev.earshot.protocol.MqttTopic.Channel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The process that makes MQTT load. Questions: {@code saturate PORTS CONNECTIONS IN_FLIGHT}, {@code
 * pace PORTS CONNECTIONS PER_SECOND} (ports: {@code 1883,1884}; connections are spread over them),
 * {@code count}, {@code latency}, {@code stop}.
 */
final class LoadMain {
  private static final int ANSWER_WITHIN_MILLIS = 60_000;
  private static final int KEEP_ALIVE_SECONDS = 0xFFFF;

  private final BenchTokens tokens;
  private @Nullable LoadLoop loop;
  private @Nullable Thread thread;

  private LoadMain(BenchTokens tokens) {
    this.tokens = tokens;
  }

  /** Arguments: the folder with the key that signs devices' tokens. */
  public static void main(String[] args) throws Exception {
    Answers.give(new LoadMain(BenchTokens.open(Path.of(args[0])))::answer);
  }

  private String answer(String what, List<String> words) throws Exception {
    return switch (what) {
      case "saturate" -> start(words, Integer.parseInt(words.get(2)), 0);
      case "pace" -> start(words, 0, Double.parseDouble(words.get(2)));
      case "count" -> running().acknowledged() + " " + System.nanoTime();
      case "latency" -> Latency.of(running().latency()).words();
      case "stop" -> stop();
      default -> throw new IOException("unknown question " + what);
    };
  }

  private LoadLoop running() throws IOException {
    if (loop == null) {
      throw new IOException("no load was started");
    }
    return loop;
  }

  private String start(List<String> words, int inFlight, double perSecond) throws Exception {
    List<Integer> ports = Arrays.stream(words.get(0).split(",", -1)).map(Integer::valueOf).toList();
    Selector selector = Selector.open();
    List<LoadConnection> connections = connect(ports, Integer.parseInt(words.get(1)), selector);
    LoadLoop started = new LoadLoop(selector, connections, inFlight, perSecond);
    loop = started;
    thread = new Thread(started, "load");
    thread.start();
    return "started";
  }

  private String stop() throws Exception {
    running().end();
    if (thread != null) {
      thread.join();
    }
    running().acknowledged(); // fails when the load failed
    loop = null;
    return "stopped";
  }

  /** Asks on all connections first, so that the server can answer them together. */
  private List<LoadConnection> connect(List<Integer> ports, int count, Selector selector)
      throws Exception {
    List<SocketChannel> asked = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SocketChannel channel =
          SocketChannel.open(new InetSocketAddress("127.0.0.1", ports.get(i % ports.size())));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      DeviceId device = Payloads.device(i);
      channel.write(
          ByteBuffer.wrap(Packets.connect(device, tokens.token(device), KEEP_ALIVE_SECONDS)));
      asked.add(channel);
    }
    List<LoadConnection> connections = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      connections.add(connected(asked.get(i), i, selector));
    }
    return connections;
  }

  private static LoadConnection connected(SocketChannel channel, int number, Selector selector)
      throws IOException {
    channel.socket().setSoTimeout(ANSWER_WITHIN_MILLIS);
    InputStream in = channel.socket().getInputStream();
    byte[] answer = in.readNBytes(Packets.CONNACK.length + 2);
    boolean accepted =
        answer.length == 4
            && Arrays.mismatch(answer, Packets.CONNACK) == Packets.CONNACK.length
            && answer[3] == 0;
    if (!accepted) {
      throw new IOException(
          "connection %d was refused: %s (expected: CONNACK, code 0)"
              .formatted(number, Arrays.toString(answer)));
    }
    channel.configureBlocking(false);
    SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
    LoadConnection connection =
        new LoadConnection(
            channel,
            key,
            Packets.publish(
                new MqttTopic(Payloads.device(number), Channel.HEARTBEAT),
                Payloads.heartbeat(number)));
    key.attach(connection);
    return connection;
  }
}
