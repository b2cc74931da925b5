package dev.earshot.cli.bench.gateway;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Two counts that two processes share by a file: records that Kafka acknowledged, and those whose
 * cost has been burnt. Each has one writer.
 */
final class Progress {
  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final int BURNT_AT = 64; // a cache line of its own
  private static final int BYTES = 128;

  private final ByteBuffer shared;

  private Progress(ByteBuffer shared) {
    this.shared = shared;
  }

  /** Opens it; the first one creates it. */
  static Progress open(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, BYTES);
      return new Progress(mapped);
    }
  }

  long acknowledged() {
    return (long) LONG.getAcquire(shared, 0);
  }

  void acknowledged(long count) {
    LONG.setRelease(shared, 0, count);
  }

  long burnt() {
    return (long) LONG.getAcquire(shared, BURNT_AT);
  }

  void burnt(long count) {
    LONG.setRelease(shared, BURNT_AT, count);
  }
}
