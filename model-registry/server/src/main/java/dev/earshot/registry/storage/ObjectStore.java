package dev.earshot.registry.storage;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Objects by key. Keys are relative paths of {@code [A-Za-z0-9._/-]}, without {@code .} or {@code
 * ..} as a part. An object appears whole and durable, or not at all; the last writer of a key wins.
 * Several processes may use the same store. Blocking; thread-safe.
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

  /** Its bytes from {@code offset} on, {@code length} of them, as they are read. */
  InputStream open(String key, long offset, long length) throws IOException;

  /** The file that holds it, where there is one that the kernel can send. */
  Optional<Path> file(String key);

  /** Writes a small object. */
  void put(String key, byte[] content) throws IOException;

  /** Makes a finished local file an object; the file is gone afterwards. */
  void move(Path file, String key) throws IOException;

  /** Without effect when there is none. */
  void delete(String key) throws IOException;

  /** Every object whose key starts with {@code prefix}, in the order of keys. */
  void list(String prefix, Consumer<Stat> each) throws IOException;

  /** Why it can't be used now; empty when it can. */
  String problem();

  @Override
  void close();
}
