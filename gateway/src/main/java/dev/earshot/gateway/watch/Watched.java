package dev.earshot.gateway.watch;

import java.io.IOException;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something outside that may change while the gateway runs. What can't be read or makes no sense is
 * told, and what was good before stays in force. {@link #refresh} blocks and is called by one
 * thread at a time; {@link #get} by any.
 */
public final class Watched<T> {
  private static final Logger LOG = LoggerFactory.getLogger(Watched.class);

  private final String name;
  private final Source source;
  private final Reader<T> reader;
  private volatile T value;
  private volatile String problem = "";
  private byte[] bytes;

  /** Where its bytes come from. */
  @FunctionalInterface
  public interface Source {
    byte[] read() throws IOException;
  }

  /** What they mean. */
  @FunctionalInterface
  public interface Reader<T> {
    /**
     * @throws IllegalArgumentException saying what is wrong
     */
    T read(byte[] bytes);
  }

  /**
   * Reads it for the first time.
   *
   * @param name for messages: the setting and the file
   * @throws IllegalArgumentException when it can't be read
   */
  public Watched(String name, Source source, Reader<T> reader) {
    this.name = name;
    this.source = source;
    this.reader = reader;
    try {
      bytes = source.read();
      value = reader.read(bytes);
    } catch (IOException | IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + reason(e), e);
    }
  }

  /** What is in force. */
  public T get() {
    return value;
  }

  /** Why the newest can't be used; empty when it is in force. */
  public String problem() {
    return problem;
  }

  /** Looks again; true when something else is in force than before. */
  public boolean refresh() {
    try {
      byte[] now = source.read();
      if (Arrays.equals(now, bytes)) {
        problem = "";
        return false;
      }
      value = reader.read(now);
      bytes = now;
      problem = "";
      LOG.info("{} has changed and is in force", name);
      return true;
    } catch (IOException | IllegalArgumentException e) {
      String reason = name + ": " + reason(e) + "; what was read before stays in force";
      if (!reason.equals(problem)) {
        LOG.error("{}", reason);
      }
      problem = reason;
      return false;
    }
  }

  private static String reason(Exception e) {
    return e instanceof java.nio.file.NoSuchFileException
        ? "no such file"
        : String.valueOf(e.getMessage());
  }
}
