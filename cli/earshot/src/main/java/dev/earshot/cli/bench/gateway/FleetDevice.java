package dev.earshot.cli.bench.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One device of a {@link Fleet}; used on its event loop. */
final class FleetDevice {
  /** As long as a device waits for its CONNACK. */
  private static final long ANSWER_WITHIN_SECONDS = 10;

  private static final int CONNACK_BYTES = 4;
  private static final int ACCEPTED = 0;
  private static final int BUSY = 3;

  private final Fleet fleet;
  private final byte[] connect;
  private final int number;
  private final int port;
  private boolean firstTry = true;
  private boolean refused;
  private int failures;

  FleetDevice(Fleet fleet, byte[] connect, int number, int port) {
    this.fleet = fleet;
    this.connect = connect;
    this.number = number;
    this.port = port;
  }

  /** Connects for the first time. */
  void firstTry() {
    connect();
  }

  private void connect() {
    fleet
        .open(this, number, port)
        .addListener(
            opened -> {
              if (!opened.isSuccess()) {
                fleet.tryFailed();
                tryOver(false);
                again();
              }
            });
  }

  /** For one connection. */
  ChannelHandler handler(boolean secure) {
    return new Conversation(secure);
  }

  private void tryOver(boolean good) {
    failures = good ? 0 : failures + 1;
    if (firstTry) {
      firstTry = false;
      fleet.firstTryOver();
    }
  }

  private void again() {
    if (!refused) {
      var _ =
          fleet
              .loop()
              .schedule(this::connect, fleet.backOffMillis(failures), TimeUnit.MILLISECONDS);
    }
  }

  /** CONNECT, CONNACK, and nothing until the end. */
  private final class Conversation extends SimpleChannelInboundHandler<ByteBuf> {
    private final boolean secure;
    private final byte[] answer = new byte[CONNACK_BYTES];
    private int answerBytes;
    private boolean up;
    private @Nullable ScheduledFuture<?> deadline;

    Conversation(boolean secure) {
      this.secure = secure;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      Channel channel = context.channel();
      deadline = fleet.loop().schedule(() -> channel.close(), ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS);
      if (!secure) {
        ask(context);
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
        ask(context);
      }
    }

    private void ask(ChannelHandlerContext context) {
      context
          .writeAndFlush(Unpooled.wrappedBuffer(connect))
          .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
      int wanted = Math.min(bytes.readableBytes(), CONNACK_BYTES - answerBytes);
      bytes.readBytes(answer, answerBytes, wanted);
      answerBytes += wanted;
      if (wanted > 0 && answerBytes == CONNACK_BYTES) {
        answered(context, answer[CONNACK_BYTES - 1]);
      }
    }

    private void answered(ChannelHandlerContext context, int code) {
      if (deadline != null) {
        deadline.cancel(false);
      }
      switch (code) {
        case ACCEPTED -> {
          up = true;
          fleet.cameUp();
          tryOver(true);
        }
        case BUSY -> {
          fleet.toldBusy();
          context.close();
        }
        default -> {
          refused = true;
          fleet.refusedForGood();
          context.close();
        }
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (deadline != null) {
        deadline.cancel(false);
      }
      if (up) {
        fleet.wentDown();
      } else {
        if (answerBytes < CONNACK_BYTES) {
          fleet.tryFailed();
        }
        tryOver(false);
      }
      again();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close(); // channelInactive counts it
    }
  }
}
