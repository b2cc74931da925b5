package dev.earshot.protocol.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which versions of all targets metadata belong together.
 *
 * @param files by name without version: {@code targets.json}, {@code hey-nova.json}
 */
public record Snapshot(long version, Instant expires, Map<String, FileMeta> files)
    implements Metadata {
  private static final int MOST_FILES = 1000;

  public Snapshot {
    Metadata.requireVersion(version);
    if (files.size() > MOST_FILES) {
      throw new IllegalArgumentException(
          "meta: " + files.size() + " files (expected: at most " + MOST_FILES + ")");
    }
    files = Collections.unmodifiableMap(new TreeMap<>(files));
  }

  @Override
  public String type() {
    return "snapshot";
  }

  @Override
  public ObjectNode encode() {
    ObjectNode signed = Metadata.header(this);
    signed.set("meta", FileMeta.encodeAll(files));
    return signed;
  }

  static Snapshot decode(JsonNode signed) {
    Metadata.requireHeader(signed, "snapshot");
    Map<String, FileMeta> files = new LinkedHashMap<>();
    Json.object(signed, "meta")
        .properties()
        .forEach(entry -> files.put(entry.getKey(), FileMeta.decode(entry.getValue())));
    return new Snapshot(Metadata.readVersion(signed), Json.instant(signed, "expires"), files);
  }
}
