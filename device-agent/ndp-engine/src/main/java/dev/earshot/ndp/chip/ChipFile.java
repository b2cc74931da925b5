package dev.earshot.ndp.chip;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.TreeSet;

/**
 * Reads a chip's data file: {@code id}, {@code name}, {@code operators}, {@code limit.NAME} for any
 * {@link Limit.Quantity} in lower case with hyphens, {@code note.NAME}. Every figure has its source
 * under the same key with {@code .source}; a figure without one, a source without a figure and an
 * unknown key are refused.
 */
final class ChipFile {
  private static final String SOURCE = ".source";
  private static final String LIMIT = "limit.";
  private static final String NOTE = "note.";

  private final String file;
  private final Properties properties;
  private final TreeSet<String> unread;

  private ChipFile(String file, Properties properties) {
    this.file = file;
    this.properties = properties;
    this.unread = new TreeSet<>(properties.stringPropertyNames());
  }

  /** The chip of this file beside this class, without {@code .properties}. */
  static ChipProfile read(String name) {
    String file = name + ".properties";
    try (InputStream in = ChipFile.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalStateException(file + ": not found");
      }
      return read(file, new InputStreamReader(in, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ChipProfile read(String file, Reader content) throws IOException {
    Properties properties = new Properties();
    properties.load(content);
    return new ChipFile(file, properties).profile();
  }

  private ChipProfile profile() {
    String id = value("id");
    String name = value("name");
    List<String> operators = List.of(value("operators").split(",\\s*", -1));
    String operatorSource = value("operators" + SOURCE);
    List<Limit> limits = new ArrayList<>();
    for (Limit.Quantity quantity : Limit.Quantity.values()) {
      String key = LIMIT + quantity.name().toLowerCase(Locale.ROOT).replace('_', '-');
      if (properties.containsKey(key)) {
        limits.add(new Limit(quantity, number(key), value(key + SOURCE)));
      }
    }
    List<ChipProfile.Note> notes = new ArrayList<>();
    for (String key : new TreeSet<>(properties.stringPropertyNames())) {
      if (key.startsWith(NOTE) && !key.endsWith(SOURCE)) {
        notes.add(new ChipProfile.Note(value(key), value(key + SOURCE)));
      }
    }
    if (!unread.isEmpty()) {
      throw new IllegalArgumentException(file + ": unknown keys " + unread);
    }
    return new ChipProfile(id, name, operators, operatorSource, limits, notes);
  }

  private long number(String key) {
    String text = value(key);
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          file + ": " + key + ": '" + text + "' (expected: a whole number)", e);
    }
  }

  private String value(String key) {
    unread.remove(key);
    String value = properties.getProperty(key, "").strip();
    if (value.isEmpty()) {
      throw new IllegalArgumentException(file + ": " + key + ": missing");
    }
    return value;
  }
}
