package dev.earshot.agent.outbox;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Pages of a file that is as long as it will ever be, so that a full disk does not stop it. */
final class FilePages implements Pages {
  private final FileChannel channel;
  private final int count;

  private FilePages(FileChannel channel, int count) {
    this.channel = channel;
    this.count = count;
  }

  /** The pages that a file has; a part of a page at its end is none. */
  static FilePages open(Path file) throws IOException {
    FileChannel channel = FileChannel.open(file, READ, WRITE);
    return new FilePages(channel, (int) (channel.size() / PAGE_BYTES));
  }

  /** Makes a file of that many pages, all zero and on the medium. */
  static FilePages create(Path file, int count) throws IOException {
    FileChannel channel = FileChannel.open(file, CREATE, TRUNCATE_EXISTING, READ, WRITE);
    FilePages pages = new FilePages(channel, count);
    try {
      for (int page = 0; page < count; page++) {
        pages.write(page, new byte[PAGE_BYTES]);
      }
      pages.force();
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return pages;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public byte[] read(int page) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(PAGE_BYTES);
    long at = (long) page * PAGE_BYTES;
    while (content.hasRemaining() && channel.read(content, at + content.position()) >= 0) {
      // the channel says how far it came by the buffer's position
    }
    return content.array();
  }

  @Override
  public void write(int page, byte[] content) throws IOException {
    ByteBuffer left = ByteBuffer.wrap(content);
    long at = (long) page * PAGE_BYTES;
    while (left.hasRemaining()) {
      channel.write(left, at + left.position());
    }
  }

  @Override
  public void force() throws IOException {
    channel.force(false);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
