package dev.earshot.cli.bench.gateway;

import dev.earshot.protocol.DeviceId;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Devices that hold a connection each and come back when they lose it, with the back-off of a
 * device: the n-th try in a row after a random time between half of and the whole of 1, 2, 4 ... 60
 * seconds. Everything but the constructor and the public face runs on the event loop.
 */
final class Fleet {
  /** Connections that are opened at the same time, while a fleet is built up. */
  private static final int OPENING = 256;

  private static final int KEEP_ALIVE_SECONDS = 1_200;
  private static final long FIRST_RETRY_MILLIS = 1_000;
  private static final long LONGEST_RETRY_MILLIS = 60_000;

  /** A source address has some 28,000 ports, and those of lost connections rest for a minute. */
  private static final int ADDRESSES = 4;

  private final EventLoop loop;
  private final BenchTokens tokens;
  private final @Nullable SslContext tls;
  private final SplittableRandom random = new SplittableRandom(1);
  private final Deque<FleetDevice> waiting = new ArrayDeque<>();
  private int devices;
  private int opening;
  private int up;
  private int refused;
  private int busy;
  private int failed;
  private int lost;
  private long beganNanos = System.nanoTime();
  private long lastUpNanos = beganNanos;

  Fleet(EventLoop loop, BenchTokens tokens, Path folder, boolean secure) throws IOException {
    this.loop = loop;
    this.tokens = tokens;
    this.tls =
        secure
            ? SslContextBuilder.forClient()
                .sslProvider(SslProvider.JDK)
                .trustManager(ServerCertificate.chain(folder).toFile())
                .endpointIdentificationAlgorithm(null)
                .build()
            : null;
  }

  /** Opens that many connections more, a bounded number at a time; the time counts from now. */
  void connect(int port, int count) throws Exception {
    Deque<FleetDevice> more = new ArrayDeque<>();
    for (int i = 0; i < count; i++) {
      more.add(new FleetDevice(this, connectPacket(devices + i), devices + i, port));
    }
    loop.submit(
            () -> {
              devices += count;
              waiting.addAll(more);
              start();
              openMore();
            })
        .get();
  }

  private byte[] connectPacket(int number) throws GeneralSecurityException {
    DeviceId device = Payloads.device(number);
    return Packets.connect(device, tokens.token(device), KEEP_ALIVE_SECONDS);
  }

  /** Counts and time start over. */
  void begin() throws Exception {
    loop.submit(this::start).get();
  }

  FleetCount count() throws Exception {
    return loop.submit(
            () ->
                new FleetCount(
                    devices, up, refused, busy, failed, lost, (lastUpNanos - beganNanos) / 1e9))
        .get();
  }

  private void start() {
    beganNanos = System.nanoTime();
    lastUpNanos = beganNanos;
    busy = 0;
    failed = 0;
    lost = 0;
  }

  private void openMore() {
    while (opening < OPENING && !waiting.isEmpty()) {
      opening++;
      waiting.remove().firstTry();
    }
  }

  EventLoop loop() {
    return loop;
  }

  /** Opens a connection for a device. */
  ChannelFuture open(FleetDevice device, int number, int port) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (tls != null) {
                      // Without the peer's name, so that no handshake is cut short by a resumed
                      // session: devices that come back after long have none.
                      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
                    }
                    channel.pipeline().addLast(device.handler(tls != null));
                  }
                });
    return bootstrap.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port), source(number));
  }

  /** Only Linux answers on all of 127.0.0.0/8; elsewhere the system chooses. */
  private static @Nullable InetSocketAddress source(int number) {
    return System.getProperty("os.name").equals("Linux")
        ? new InetSocketAddress("127.0.0." + (2 + number % ADDRESSES), 0)
        : null;
  }

  /** How long a device waits after that many failures in a row. */
  long backOffMillis(int failures) {
    long whole = Math.min(LONGEST_RETRY_MILLIS, FIRST_RETRY_MILLIS << Math.min(failures, 10));
    return random.nextLong(whole / 2, whole + 1);
  }

  /** The first try of a device is over. */
  void firstTryOver() {
    opening--;
    openMore();
  }

  void cameUp() {
    up++;
    lastUpNanos = System.nanoTime();
  }

  void wentDown() {
    up--;
    lost++;
  }

  void toldBusy() {
    busy++;
  }

  void refusedForGood() {
    refused++;
  }

  void tryFailed() {
    failed++;
  }
}
