package dev.earshot.rollout.operator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The list of operators, in YAML or JSON:
 *
 * <pre>
 * - name: alice
 *   roles: [operator, approver]
 *   sha256: 2bd806c97f0e00af1a1fc3328fa763a9269723c8db8fac4f93af71db186d6e90
 * </pre>
 *
 * {@code printf %s "$TOKEN" | sha256sum} gives the digest. A name may appear twice, with the same
 * roles, while its token is being changed.
 */
final class OperatorsFile {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Set<String> FIELDS = new TreeSet<>(Set.of("name", "roles", "sha256"));
  private static final ObjectMapper YAML =
      new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private OperatorsFile() {}

  /**
   * Reads the list.
   *
   * @throws IllegalArgumentException naming the first entry and field that is wrong; never shows a
   *     digest
   */
  static List<Secret> parse(byte[] content) {
    JsonNode list = list(content);
    List<Secret> secrets = new ArrayList<>();
    Map<String, Set<Role>> rolesOf = new HashMap<>();
    Set<String> digests = new TreeSet<>();
    for (int i = 0; i < list.size(); i++) {
      String at = "[" + i + "]";
      JsonNode entry = list.get(i);
      onlyKnownFields(entry, at);
      Operator operator = operator(entry, at);
      Set<Role> before = rolesOf.putIfAbsent(operator.name(), operator.roles());
      check(
          before == null || before.equals(operator.roles()),
          at + ".roles: others than " + operator.name() + " has further up (expected: the same)");
      String sha256 = entry.path("sha256").asText();
      check(
          SHA256.matcher(sha256).matches(),
          at + ".sha256: expected: the SHA-256 of the token, 64 hexadecimal digits in lower case");
      check(digests.add(sha256), at + ".sha256: the token of an entry further up");
      secrets.add(new Secret(HexFormat.of().parseHex(sha256), operator));
    }
    return List.copyOf(secrets);
  }

  private static JsonNode list(byte[] content) {
    try {
      JsonNode list = YAML.readTree(content);
      check(list != null && list.isArray(), "expected: a list of entries with name, roles, sha256");
      return list;
    } catch (IOException e) {
      // The parser's own message would quote the file.
      throw new IllegalArgumentException("not readable as YAML or JSON", e);
    }
  }

  private static void onlyKnownFields(JsonNode entry, String at) {
    check(entry.isObject(), at + ": expected: name, roles and sha256");
    for (Iterator<String> names = entry.fieldNames(); names.hasNext(); ) {
      String name = names.next();
      check(FIELDS.contains(name), at + "." + name + ": unknown (known: name, roles, sha256)");
    }
  }

  private static Operator operator(JsonNode entry, String at) {
    EnumSet<Role> roles = EnumSet.noneOf(Role.class);
    for (JsonNode word : entry.path("roles")) {
      roles.add(
          Role.of(word.asText())
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          at
                              + ".roles: '"
                              + word.asText()
                              + "' (expected: one of "
                              + Role.words()
                              + ")")));
    }
    check(!roles.isEmpty(), at + ".roles: expected: a list of " + Role.words());
    try {
      return Operator.named(entry.path("name").asText(), roles);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(at + "." + e.getMessage(), e);
    }
  }

  private static void check(boolean holds, String message) {
    if (!holds) {
      throw new IllegalArgumentException(message);
    }
  }
}
