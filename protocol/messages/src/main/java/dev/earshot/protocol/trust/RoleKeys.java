package dev.earshot.protocol.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whose signatures a role needs.
 *
 * @param keys by key id, 1 to 16
 * @param threshold how many different ones must sign
 */
public record RoleKeys(Map<String, SigningKey.Public> keys, int threshold) {
  private static final int MOST_KEYS = 16;

  public RoleKeys {
    if (keys.isEmpty() || keys.size() > MOST_KEYS) {
      throw new IllegalArgumentException(
          "keys: " + keys.size() + " (expected: 1 to " + MOST_KEYS + ")");
    }
    if (threshold < 1 || threshold > keys.size()) {
      throw new IllegalArgumentException(
          "threshold: " + threshold + " (expected: 1 to the number of keys, " + keys.size() + ")");
    }
    keys = Collections.unmodifiableMap(new TreeMap<>(keys));
  }

  /** {@code threshold} of these. */
  public static RoleKeys of(int threshold, Collection<SigningKey.Public> keys) {
    Map<String, SigningKey.Public> byId = new LinkedHashMap<>();
    keys.forEach(key -> byId.put(key.keyId(), key));
    return new RoleKeys(byId, threshold);
  }

  /** One key. */
  public static RoleKeys of(SigningKey.Public key) {
    return new RoleKeys(Map.of(key.keyId(), key), 1);
  }

  /** {@code {"keyids": [...], "threshold": n}}. */
  ObjectNode encode() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ArrayNode ids = node.putArray("keyids");
    keys.keySet().forEach(ids::add);
    return node.put("threshold", threshold);
  }

  /** Reads what {@link #encode} wrote, with keys from the table beside it. */
  static RoleKeys decode(JsonNode role, Map<String, SigningKey.Public> table) {
    Map<String, SigningKey.Public> keys = new LinkedHashMap<>();
    for (JsonNode id : Json.array(role, "keyids")) {
      SigningKey.Public key = table.get(id.asText());
      if (key == null) {
        throw new IllegalArgumentException("keyids: " + id + " (expected: one of keys)");
      }
      keys.put(id.asText(), key);
    }
    return new RoleKeys(keys, (int) Json.number(role, "threshold", 1, MOST_KEYS));
  }

  static void encodeTable(ObjectNode into, Iterable<RoleKeys> roles) {
    Map<String, SigningKey.Public> all = new TreeMap<>();
    roles.forEach(role -> all.putAll(role.keys()));
    ObjectNode keys = into.putObject("keys");
    all.forEach((id, key) -> keys.set(id, key.encode()));
  }

  /** Keys under an id that is not theirs are refused: one key must not count as several. */
  static Map<String, SigningKey.Public> decodeTable(JsonNode from) {
    Map<String, SigningKey.Public> table = new LinkedHashMap<>();
    Json.object(from, "keys")
        .properties()
        .forEach(
            entry -> {
              SigningKey.Public key = SigningKey.Public.decode(entry.getValue());
              if (!key.keyId().equals(entry.getKey())) {
                throw new IllegalArgumentException(
                    "keys: " + entry.getKey() + " (expected: the key's id, " + key.keyId() + ")");
              }
              table.put(entry.getKey(), key);
            });
    return table;
  }
}
