package dev.earshot.simulator.device;

import dev.earshot.protocol.DeviceId;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.vertx.core.Context;
import io.vertx.core.internal.ContextInternal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Sessions over MQTT 3.1.1 on one event loop, spread over the gateways by turns; a device that
 * comes back is likely to come back to another one. The packets are Netty's; keep-alive and
 * patience of all sessions are watched by one timer.
 */
public final class MqttUplink implements Uplink {
  private static final int CONNECT_WITHIN_MILLIS = 10_000;
  private static final long WATCH_MILLIS = 1000;

  /** Commands are a few hundred bytes. */
  private static final int LONGEST_PACKET = 256 << 10;

  private final EventLoop loop;
  private final List<InetSocketAddress> gateways;
  private final List<InetSocketAddress> sources;
  private final int keepAliveSeconds;
  private final Bootstrap bootstrap;
  private final Set<MqttSession> sessions = new HashSet<>();
  private int turn;

  /**
   * To be used on the event loop of that context.
   *
   * @param gateways at least one; their names are looked up once
   * @param sources local addresses to connect from, by turns: each has some 28,000 ports for
   *     connections to one gateway; empty: the system chooses
   * @param keepAlive after that long without a packet a device pings
   */
  public MqttUplink(
      Context context,
      List<GatewayAddress> gateways,
      List<InetAddress> sources,
      Duration keepAlive) {
    this.keepAliveSeconds = Math.toIntExact(keepAlive.toSeconds());
    this.loop = ((ContextInternal) context).nettyEventLoop();
    this.gateways =
        gateways.stream().map(each -> new InetSocketAddress(each.host(), each.port())).toList();
    this.sources = sources.stream().map(each -> new InetSocketAddress(each, 0)).toList();
    this.bootstrap = bootstrap(loop, !sources.isEmpty());
    var _ =
        loop.scheduleWithFixedDelay(this::watch, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
  }

  private static Bootstrap bootstrap(EventLoop loop, boolean fromSources) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_WITHIN_MILLIS);
    if (loop instanceof IoEventLoopGroup group && group.isIoType(EpollIoHandler.class)) {
      bootstrap.channel(EpollSocketChannel.class);
      if (fromSources) {
        // The port is chosen when the destination is known: one source serves every gateway.
        bootstrap.option(EpollChannelOption.IP_BIND_ADDRESS_NO_PORT, true);
      }
    } else {
      bootstrap.channel(NioSocketChannel.class);
    }
    return bootstrap;
  }

  @Override
  public Session connect(DeviceId id, Listener listener) {
    int number = turn++;
    MqttSession session = new MqttSession(id, keepAliveSeconds, listener, this::forget);
    sessions.add(session);
    loop.execute(() -> open(session, number));
    return session;
  }

  private void open(MqttSession session, int number) {
    if (session.hasEnded()) {
      return;
    }
    InetSocketAddress gateway = gateways.get(Math.floorMod(number, gateways.size()));
    Bootstrap to = bootstrap.clone().handler(new Packets(session));
    ChannelFuture opening =
        sources.isEmpty()
            ? to.connect(gateway)
            // Shifted after each round, or a device's source would follow from its gateway.
            : to.connect(gateway, source(number));
    opening.addListener(
        done -> {
          if (!done.isSuccess()) {
            session.unreachable(gateway, done.cause());
          }
        });
  }

  private InetSocketAddress source(int number) {
    int round = Math.floorDiv(number, gateways.size());
    return sources.get(Math.floorMod(number + round, sources.size()));
  }

  private void watch() {
    long now = System.nanoTime();
    for (MqttSession session : List.copyOf(sessions)) {
      session.watch(now);
    }
  }

  private void forget(MqttSession session) {
    sessions.remove(session);
  }

  private static final class Packets extends ChannelInitializer<Channel> {
    private final MqttSession session;

    Packets(MqttSession session) {
      this.session = session;
    }

    @Override
    protected void initChannel(Channel channel) {
      channel.pipeline().addLast(new MqttDecoder(LONGEST_PACKET), MqttEncoder.INSTANCE, session);
    }
  }
}
