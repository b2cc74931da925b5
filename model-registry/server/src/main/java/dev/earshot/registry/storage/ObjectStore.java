package dev.earshot.registry.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Objects by key ({@link ObjectKey} says what a key may be). An object appears whole and durable,
 * or not at all; the last writer of a key wins. Several processes may use the same store. Where a
 * bucket has no folders a directory has: no key may be another key's folder. Blocking; thread-safe;
 * a malformed key is an {@link IllegalArgumentException}.
 */
public interface ObjectStore extends AutoCloseable {
  /**
   * What is known of an object without reading it.
   *
   * @param length bytes
   * @param modified when it was last written, by the store's clock
   */
  record Stat(String key, long length, Instant modified) {}

  Optional<Stat> stat(String key) throws IOException;

  /**
   * Its bytes.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   * @throws IOException when it is longer than {@code most}
   */
  byte[] read(String key, int most) throws IOException;

  /**
   * Its bytes from {@code offset} on, {@code length} of them, as they are read. A stream that ends
   * early does so with an {@link IOException}, never with a plain end. The caller closes it, at any
   * point.
   *
   * @throws java.nio.file.NoSuchFileException when there is none
   * @throws IOException when it does not reach that far
   */
  InputStream open(String key, long offset, long length) throws IOException;

  /** The file that holds it, where there is one that the kernel can send. */
  Optional<Path> file(String key);

  /** Writes a small object. */
  void put(String key, byte[] content) throws IOException;

  /** Makes a finished local file an object; the file is gone afterwards. */
  void move(Path file, String key) throws IOException;

  /**
   * Makes {@link Stat#modified} the store's present time, and nothing else.
   *
   * @return false when there is no such object
   */
  boolean touch(String key) throws IOException;

  /** Without effect when there is none. */
  void delete(String key) throws IOException;

  /**
   * Every object whose key starts with {@code prefix} (empty: all), in the order of keys by their
   * bytes. Objects that come or go meanwhile may be told or not. {@code each} may delete.
   */
  void list(String prefix, Consumer<Stat> each) throws IOException;

  /** Why it can't be used now, as far as this process has seen; empty when it can. Never blocks. */
  String problem();

  @Override
  void close();
}
