package dev.earshot.gateway.mqtt;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntSupplier;

/**
 * Whether one connection's socket is read. It is not while there is any reason against it; what the
 * device sends meanwhile waits in its own buffers, as TCP slows it down. Used on the connection's
 * event loop.
 */
final class SocketReads {
  private final Channel channel;
  private final Paused paused;
  private final Set<Why> reasons = EnumSet.noneOf(Why.class);

  /** Why a socket is not read. */
  enum Why {
    /** Too much is on its way to Kafka, of all devices together. */
    KAFKA,
    /** The device or its fleet is above its message rate. */
    RATE,
    /** The device has too many messages that are not acknowledged yet. */
    IN_FLIGHT,
    /** The device does not read what it is sent. */
    SLOW_READER,
    /** The connection waits to be let in, or reads no more before it ends. */
    DOOR;

    /** The word for metrics. */
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How many sockets are not read, by why; of the whole gateway, for any thread. */
  static final class Paused {
    private final AtomicIntegerArray counts = new AtomicIntegerArray(Why.values().length);

    IntSupplier count(Why why) {
      return () -> counts.get(why.ordinal());
    }
  }

  /**
   * Keeps the handlers behind it from reading a socket that is not to be read. The library's
   * decoders, {@link PacketReader} among them, ask for more after each read that brought no whole
   * message, as when packets are held; and its WebSocket handler does after each ping and pong. A
   * device that sends on would be read without end, and all of it kept.
   */
  @Sharable
  static final class Gate extends ChannelOutboundHandlerAdapter {
    static final Gate INSTANCE = new Gate();

    @Override
    public void read(ChannelHandlerContext ctx) {
      if (ctx.channel().config().isAutoRead()) {
        ctx.read();
      }
    }
  }

  SocketReads(Channel channel, Paused paused) {
    this.channel = channel;
    this.paused = paused;
  }

  boolean isPaused() {
    return !reasons.isEmpty();
  }

  /** Whether the device alone is to blame that nothing is heard of it. */
  boolean isPausedByDevice() {
    return reasons.size() == 1 && reasons.contains(Why.SLOW_READER);
  }

  void pause(Why why) {
    if (reasons.add(why)) {
      paused.counts.incrementAndGet(why.ordinal());
      set(false);
    }
  }

  /** Takes a reason away; whether the socket is read again for it. */
  boolean resume(Why why) {
    if (!reasons.remove(why)) {
      return false;
    }
    paused.counts.decrementAndGet(why.ordinal());
    return reasons.isEmpty();
  }

  /** Lets the socket be read, after what was kept has been handed on. */
  void read() {
    if (reasons.isEmpty()) {
      set(true);
    }
  }

  /**
   * The end: no reason counts any more, and what still comes is read to be thrown away; unless the
   * device reads nothing itself.
   */
  void discard() {
    reasons.forEach(why -> paused.counts.decrementAndGet(why.ordinal()));
    reasons.clear();
    set(channel.isWritable());
  }

  private void set(boolean reading) {
    // A socket that is closed has left its loop, and a change would throw.
    if (channel.isActive()) {
      channel.config().setAutoRead(reading);
    }
  }
}
