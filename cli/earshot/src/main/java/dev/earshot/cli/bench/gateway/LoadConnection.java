package dev.earshot.cli.bench.gateway;

import dev.earshot.cli.bench.gateway.Packets.Publish;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;

/** One connection of the {@link LoadLoop}; used on its thread only. */
final class LoadConnection {
  private static final byte[] NOTHING = {};

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Publish publish;
  private final AckWindow window = new AckWindow();
  private final IntendedTimes times = new IntendedTimes();
  private byte[] unsent = NOTHING;
  private int owed;

  LoadConnection(SocketChannel channel, SelectionKey key, Publish publish) {
    this.channel = channel;
    this.key = key;
    this.publish = publish;
  }

  /** When messages that are owed were meant to be sent; for paced load. */
  IntendedTimes times() {
    return times;
  }

  AckWindow window() {
    return window;
  }

  /** More messages are to be sent at the next {@link #flush}. */
  void owe(int messages) {
    owed += messages;
  }

  /**
   * Sends what is owed as far as the socket takes it, in as few writes as the buffer allows.
   *
   * @param out of the loop, for use during the call
   */
  void flush(ByteBuffer out) throws IOException {
    do {
      out.clear();
      out.put(unsent);
      byte[] bytes = publish.bytes();
      while (owed > 0 && out.remaining() >= bytes.length && window.inFlight() < AckWindow.IDS) {
        int at = out.position();
        out.put(bytes).putShort(at + publish.idAt(), (short) window.next());
        owed--;
      }
      out.flip();
      if (!out.hasRemaining()) {
        return;
      }
      channel.write(out);
      unsent = out.hasRemaining() ? new byte[out.remaining()] : NOTHING;
      out.get(unsent);
    } while (owed > 0 && unsent.length == 0);
    int interest = unsent.length == 0 ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
    if (key.interestOps() != interest) {
      key.interestOps(interest);
    }
  }

  /**
   * Reads once.
   *
   * @param in of the loop, for use during the call
   * @return how many messages were acknowledged
   */
  int read(ByteBuffer in) throws IOException {
    in.clear();
    if (channel.read(in) < 0) {
      throw new EOFException("the server closed a connection of the load");
    }
    return window.read(in.flip());
  }

  void close() throws IOException {
    try (channel) {
      if (unsent.length == 0) {
        channel.write(ByteBuffer.wrap(Packets.DISCONNECT));
      }
    }
  }
}
