package dev.earshot.protocol.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which keys the roles have. The director's has the same four roles; devices use its root and
 * targets.
 */
public record Root(long version, Instant expires, Map<Role, RoleKeys> roles) implements Metadata {
  /** The top-level roles. */
  public enum Role {
    ROOT("root"),
    TARGETS("targets"),
    SNAPSHOT("snapshot"),
    TIMESTAMP("timestamp");

    private final String word;

    Role(String word) {
      this.word = word;
    }

    /** As TUF writes it. */
    public String word() {
      return word;
    }
  }

  public Root {
    Metadata.requireVersion(version);
    if (roles.size() != Role.values().length) {
      throw new IllegalArgumentException(
          "roles: " + roles.keySet() + " (expected: root, targets, snapshot and timestamp)");
    }
    roles = Collections.unmodifiableMap(new EnumMap<>(roles));
  }

  /** The keys of a role. */
  public RoleKeys keys(Role role) {
    RoleKeys keys = roles.get(role);
    if (keys == null) {
      throw new IllegalStateException("every root has every role");
    }
    return keys;
  }

  /** The next version, with other keys for some roles. */
  public Root next(Instant expiry, Map<Role, RoleKeys> changed) {
    Map<Role, RoleKeys> all = new EnumMap<>(roles);
    all.putAll(changed);
    return new Root(version + 1, expiry, all);
  }

  @Override
  public String type() {
    return "root";
  }

  @Override
  public ObjectNode encode() {
    ObjectNode signed = Metadata.header(this);
    signed.put("consistent_snapshot", true);
    RoleKeys.encodeTable(signed, roles.values());
    ObjectNode byName = signed.putObject("roles");
    Map<String, RoleKeys> sorted = new TreeMap<>();
    roles.forEach((role, keys) -> sorted.put(role.word(), keys));
    sorted.forEach((word, keys) -> byName.set(word, keys.encode()));
    return signed;
  }

  static Root decode(JsonNode signed) {
    Metadata.requireHeader(signed, "root");
    if (!Json.flag(signed, "consistent_snapshot")) {
      throw new IllegalArgumentException("consistent_snapshot: false (expected: true)");
    }
    Map<String, SigningKey.Public> table = RoleKeys.decodeTable(signed);
    JsonNode roles = Json.object(signed, "roles");
    Map<Role, RoleKeys> byRole = new EnumMap<>(Role.class);
    for (Role role : Role.values()) {
      byRole.put(role, RoleKeys.decode(Json.object(roles, role.word()), table));
    }
    return new Root(Metadata.readVersion(signed), Json.instant(signed, "expires"), byRole);
  }
}
