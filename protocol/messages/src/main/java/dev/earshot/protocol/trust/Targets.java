package dev.earshot.protocol.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.earshot.protocol.Digest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What may be installed (image side): files by path, and which other roles speak for which paths.
 * The top-level document usually only delegates; each publisher signs the one of its name.
 *
 * @param targets by path, such as {@code hey-nova/1.4.0/manifest.json}
 * @param delegations in the order in which they are asked
 */
public record Targets(
    long version, Instant expires, Map<String, Target> targets, List<Delegation> delegations)
    implements Metadata {
  private static final int MOST_TARGETS = 10_000;
  private static final int MOST_DELEGATIONS = 256;

  public Targets {
    Metadata.requireVersion(version);
    if (targets.size() > MOST_TARGETS || delegations.size() > MOST_DELEGATIONS) {
      throw new IllegalArgumentException(
          "%d targets, %d delegations (expected: at most %d and %d)"
              .formatted(targets.size(), delegations.size(), MOST_TARGETS, MOST_DELEGATIONS));
    }
    targets = Collections.unmodifiableMap(new TreeMap<>(targets));
    delegations = List.copyOf(delegations);
    Set<String> names = new HashSet<>();
    delegations.forEach(
        delegation -> {
          if (!names.add(delegation.name())) {
            throw new IllegalArgumentException(
                "delegations: " + delegation.name() + " twice (expected: each role once)");
          }
        });
  }

  /**
   * A release as the image side lists it.
   *
   * @param length of its signed manifest, bytes
   * @param digest of its signed manifest
   * @param counter Uptane's release counter
   * @param chips Uptane's hardware ids
   */
  public record Target(int length, Digest digest, int counter, List<String> chips) {
    public Target {
      chips = List.copyOf(chips);
    }
  }

  /**
   * Another role that speaks for some paths.
   *
   * @param name of the role, often the release name; its file is {@code NAME.json}
   * @param keys whose signatures it needs
   * @param paths patterns; {@code *} stands for any characters but {@code /}
   */
  public record Delegation(String name, RoleKeys keys, List<String> paths) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+(?:[._-][a-z0-9]+)*");
    private static final Set<String> TAKEN = Set.of("root", "targets", "snapshot", "timestamp");

    public Delegation {
      requireName(name);
      paths = List.copyOf(paths);
    }

    /** Refuses what can't be the name of a delegated role. */
    static void requireName(String name) {
      if (!NAME.matcher(name).matches() || name.length() > 48 || TAKEN.contains(name)) {
        throw new IllegalArgumentException(
            "delegations: name '"
                + name
                + "' (expected: at most 48 of a-z 0-9 with single . _ - between)");
      }
    }

    /** A publisher of every release name that no role before it speaks for. */
    public static Delegation ofAll(String name, RoleKeys keys) {
      return new Delegation(name, keys, List.of("*/*/*"));
    }

    /** Whether it speaks for that path. */
    public boolean covers(String path) {
      return paths.stream().anyMatch(pattern -> matches(pattern, path));
    }

    private static boolean matches(String pattern, String path) {
      StringBuilder regex = new StringBuilder();
      for (String literal : pattern.split("\\*", -1)) {
        regex.append(regex.isEmpty() ? "" : "[^/]*").append(Pattern.quote(literal));
      }
      return path.matches(regex.toString());
    }
  }

  /** Only delegations. */
  public static Targets delegating(
      long version, Instant expires, Collection<Delegation> delegations) {
    return new Targets(version, expires, Map.of(), List.copyOf(delegations));
  }

  /** The next version, with that path listed. */
  public Targets with(String path, Target target, Instant expiry) {
    Map<String, Target> changed = new LinkedHashMap<>(targets);
    changed.put(path, target);
    return new Targets(version + 1, expiry, changed, delegations);
  }

  /** The next version, without that path. */
  public Targets without(String path, Instant expiry) {
    Map<String, Target> changed = new LinkedHashMap<>(targets);
    changed.remove(path);
    return new Targets(version + 1, expiry, changed, delegations);
  }

  /** The delegation of that role. */
  public Optional<Delegation> delegation(String name) {
    return delegations.stream().filter(delegation -> delegation.name().equals(name)).findFirst();
  }

  @Override
  public String type() {
    return "targets";
  }

  @Override
  public ObjectNode encode() {
    ObjectNode signed = Metadata.header(this);
    ObjectNode files = signed.putObject("targets");
    targets.forEach(
        (path, target) -> {
          ObjectNode node = files.putObject(path).put("length", target.length());
          node.putObject("hashes").put("sha256", target.digest().hex());
          ObjectNode custom = node.putObject("custom").put("release_counter", target.counter());
          ArrayNode chips = custom.putArray("hardware_ids");
          target.chips().forEach(chips::add);
        });
    if (!delegations.isEmpty()) {
      ObjectNode node = signed.putObject("delegations");
      RoleKeys.encodeTable(node, delegations.stream().map(Delegation::keys).toList());
      ArrayNode roles = node.putArray("roles");
      for (Delegation delegation : delegations) {
        ObjectNode role = roles.addObject().put("name", delegation.name());
        role.setAll(delegation.keys().encode());
        role.put("terminating", true);
        delegation.paths().forEach(role.withArray("paths")::add);
      }
    }
    return signed;
  }

  static Targets decode(JsonNode signed) {
    Metadata.requireHeader(signed, "targets");
    Map<String, Target> targets = new LinkedHashMap<>();
    Json.object(signed, "targets")
        .properties()
        .forEach(entry -> targets.put(entry.getKey(), target(entry.getValue())));
    return new Targets(
        Metadata.readVersion(signed), Json.instant(signed, "expires"), targets, roles(signed));
  }

  private static Target target(JsonNode node) {
    JsonNode custom = Json.object(node, "custom");
    List<String> chips = new ArrayList<>();
    Json.array(custom, "hardware_ids").forEach(chip -> chips.add(chip.asText()));
    return new Target(
        (int) Json.number(node, "length", 1, TrustedImage.LONGEST),
        new Digest(Json.text(Json.object(node, "hashes"), "sha256")),
        (int) Json.number(custom, "release_counter", 1, Integer.MAX_VALUE),
        chips);
  }

  private static List<Delegation> roles(JsonNode signed) {
    if (!signed.has("delegations")) {
      return List.of();
    }
    JsonNode node = Json.object(signed, "delegations");
    Map<String, SigningKey.Public> table = RoleKeys.decodeTable(node);
    List<Delegation> delegations = new ArrayList<>();
    for (JsonNode role : Json.array(node, "roles")) {
      List<String> paths = new ArrayList<>();
      Json.array(role, "paths").forEach(path -> paths.add(path.asText()));
      delegations.add(new Delegation(Json.text(role, "name"), RoleKeys.decode(role, table), paths));
    }
    return delegations;
  }
}
