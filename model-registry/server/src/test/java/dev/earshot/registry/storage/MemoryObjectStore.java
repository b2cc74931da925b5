package dev.earshot.registry.storage;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Objects in memory with a clock that tests set, and a say before every single operation: what a
 * test needs to run writers and collectors in any order. Keeps the contract.
 */
public class MemoryObjectStore implements ObjectStore {
  private record Held(byte[] content, Instant modified) {}

  private final NavigableMap<String, Held> objects = new TreeMap<>();
  private final Runnable before;
  private Instant now = Instant.parse("2026-06-01T00:00:00Z");

  public MemoryObjectStore() {
    this(() -> {});
  }

  /**
   * @param before runs before every operation, on its thread
   */
  public MemoryObjectStore(Runnable before) {
    this.before = before;
  }

  /** Lets time pass. */
  public synchronized void pass(Duration duration) {
    now = now.plus(duration);
  }

  public synchronized Instant now() {
    return now;
  }

  private Held held(String key) throws NoSuchFileException {
    Held held = objects.get(ObjectKey.require(key));
    if (held == null) {
      throw new NoSuchFileException(key);
    }
    return held;
  }

  @Override
  public Optional<Stat> stat(String key) {
    ObjectKey.require(key);
    before.run();
    synchronized (this) {
      return Optional.ofNullable(objects.get(key))
          .map(held -> new Stat(key, held.content().length, held.modified()));
    }
  }

  @Override
  public byte[] read(String key, int most) throws IOException {
    before.run();
    synchronized (this) {
      byte[] content = held(key).content();
      if (content.length > most) {
        throw new IOException(
            "%s: %d bytes (expected: at most %d)".formatted(key, content.length, most));
      }
      return content.clone();
    }
  }

  @Override
  public InputStream open(String key, long offset, long length) throws IOException {
    before.run();
    synchronized (this) {
      byte[] content = held(key).content();
      ObjectRange.require(key, offset, length, content.length);
      return new ByteArrayInputStream(content, (int) offset, (int) length);
    }
  }

  @Override
  public Optional<Path> file(String key) {
    ObjectKey.require(key);
    return Optional.empty();
  }

  @Override
  public void put(String key, byte[] content) {
    ObjectKey.require(key);
    before.run();
    synchronized (this) {
      objects.put(key, new Held(content.clone(), now));
    }
  }

  @Override
  public void move(Path file, String key) throws IOException {
    ObjectKey.require(key);
    put(key, Files.readAllBytes(file));
    Files.delete(file);
  }

  @Override
  public boolean touch(String key) {
    ObjectKey.require(key);
    before.run();
    synchronized (this) {
      return objects.computeIfPresent(key, (k, held) -> new Held(held.content(), now)) != null;
    }
  }

  @Override
  public void delete(String key) {
    ObjectKey.require(key);
    before.run();
    synchronized (this) {
      objects.remove(key);
    }
  }

  @Override
  public void list(String prefix, Consumer<Stat> each) {
    ObjectKey.requirePrefix(prefix);
    before.run();
    List<Stat> page = new ArrayList<>();
    synchronized (this) {
      for (Map.Entry<String, Held> entry : objects.tailMap(prefix).entrySet()) {
        if (!entry.getKey().startsWith(prefix)) {
          break;
        }
        Held held = entry.getValue();
        page.add(new Stat(entry.getKey(), held.content().length, held.modified()));
      }
    }
    page.forEach(each);
  }

  @Override
  public String problem() {
    return "";
  }

  @Override
  public void close() {}
}
