package dev.earshot.simulator.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.earshot.protocol.document.Durations;
import dev.earshot.protocol.document.InvalidDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The published schema against an independent validator and against our own reader. */
final class ScenarioSchemaTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final JsonNode TEXT = yaml(ScenarioFormat.schema());
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(TEXT);

  /** Where properties are: the schema's path, and a scenario's that has such an object. */
  private static final Map<String, String> OBJECTS =
      Map.ofEntries(
          Map.entry("", ""),
          Map.entry("/properties/arrival", "/arrival"),
          Map.entry("/properties/groups/items", "/groups/0"),
          Map.entry("/properties/groups/items/properties/environments", "/groups/0/environments"),
          Map.entry(
              "/properties/groups/items/properties/regions/additionalProperties/then",
              "/groups/0/regions/moon"),
          Map.entry("/properties/groups/items/properties/battery", "/groups/0/battery"),
          Map.entry("/properties/groups/items/properties/churn", "/groups/0/churn"),
          Map.entry("/properties/groups/items/properties/moves/items", "/groups/0/moves/0"),
          Map.entry("/properties/faults/items", "/faults/0"),
          Map.entry("/properties/regressions/items", "/regressions/0"),
          Map.entry("/properties/rollouts/items", "/rollouts/0"));

  /** What no schema of a single field can know, and therefore only the reader refuses. */
  private static final Pattern READER_ONLY =
      Pattern.compile(
          ".*(expected: (above 0s to|0s to|100ms to|after from|one of \\[|[A-Za-z]+\\?|none, as there"
              + " are none|another environment|before the scenario ends|a name that no other|an id"
              + " that no other|at least one above 0|'rollout ID|above 0s to 365d)|no state of a"
              + " rollout).*");

  /** One value of each kind that people write, at and beyond the limits. */
  private static final List<String> ODD_VALUES =
      List.of(
          "null",
          "true",
          "-1",
          "0",
          "0.5",
          "1",
          "2.0",
          "11",
          "101",
          "2000000",
          "3000000000",
          "9223372036854775807",
          "9223372036854775808",
          "1.0e+10",
          "''",
          "' '",
          "x",
          "6h",
          "0s",
          "-1h",
          "4000d",
          "PT1H",
          "P",
          "a:1.0.0",
          "a:1.0",
          "car",
          "brick",
          "latency",
          "crashes",
          "silence",
          "gateway_loss",
          "ramp",
          "audio",
          "ndp101",
          "[]",
          "[1]",
          "[car]",
          "[car, car]",
          "[x]",
          "['']",
          "{}",
          "{x: 1}",
          "{car: 0}",
          "{car: 2}",
          "[null]",
          "['a b = 1', 'a b = 1']",
          "['rollout text is succeeded']",
          "['rollout text is odd']",
          "[{kind: brick}]",
          "[{count: 3}]",
          "[{release: a:1.0.0}]",
          "[{plan: {x: 1}}]",
          "[{from: car, to: quiet}]");

  @Test
  void schema_isAValidOneOfItsDraft() {
    assertEquals(ScenarioFormat.SCHEMA_ID, TEXT.path("$id").asText());
    Schema meta =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(SchemaLocation.of(SpecificationVersion.DRAFT_2020_12.getDialectId()));
    assertEquals(List.of(), meta.validate(TEXT));
  }

  @Test
  void scenarioWithEveryField_isGood() {
    assertEquals(List.of(), SCHEMA.validate(yaml(Scenarios.FULL)));
    assertEquals(List.of(), SCHEMA.validate(yaml("{}")));
  }

  @Test
  void oddValueInAnyField_isRefusedByBothOrByNeither() {
    List<String> disagreements = new ArrayList<>();
    Set<String> refusedByBoth = new TreeSet<>();
    JsonNode full = yaml(Scenarios.FULL);
    for (String pointer : leavesAndObjects(full, "")) {
      for (String odd : ODD_VALUES) {
        JsonNode scenario = full.deepCopy();
        set(scenario, pointer, yaml(odd));
        boolean schemaRefuses = !SCHEMA.validate(scenario).isEmpty();
        List<InvalidDocument.FieldError> errors = errors(scenario.toString());
        boolean readerAlone =
            !errors.isEmpty()
                && errors.stream().allMatch(e -> READER_ONLY.matcher(e.message()).matches());
        if (schemaRefuses == errors.isEmpty() && !readerAlone) {
          disagreements.add(pointer + ": " + odd + ": schema " + schemaRefuses + ", " + errors);
        }
        if (schemaRefuses && !errors.isEmpty()) {
          refusedByBoth.add(pointer);
        }
      }
    }
    assertEquals("", String.join("\n", disagreements));
    Set<String> all = new TreeSet<>(leavesAndObjects(full, ""));
    all.removeIf(pointer -> pointer.matches("/rollouts/0/plan/.*")); // the rollout service reads it
    assertEquals(all, refusedByBoth);
  }

  @Test
  void everyKindOfFault_hasTheReadersLimitsInTheSchema() {
    for (Fault.Kind kind : Fault.Kind.values()) {
      for (String rest :
          List.of(
              "",
              "rate: 1",
              "rate: 1.5",
              "rate: 100001",
              "magnitude: 0",
              "magnitude: 1",
              "magnitude: -5",
              "magnitude: 2.0e+9",
              "milliseconds: 5",
              "bytes_per_second: 5",
              "seconds: 5",
              "at_byte: 5",
              "bytes_left: 5",
              "share_per_day: 0.5",
              "milliseconds: 5, magnitude: 5",
              "groups: [group-1]")) {
        String scenario =
            "groups: [{count: 1}]\nfaults: [{kind: " + kind.word() + ", " + rest + "}]";
        assertEquals(
            SCHEMA.validate(yaml(scenario)).isEmpty(),
            errors(scenario).isEmpty(),
            scenario + errors(scenario));
      }
    }
  }

  @Test
  void fieldThatIsMissing_isRefusedByBoth() {
    for (String pointer :
        List.of(
            "/faults/0/kind",
            "/regressions/0/release",
            "/rollouts/0/plan",
            "/groups/0/moves/0/from",
            "/groups/0/moves/0/to")) {
      JsonNode scenario = yaml(Scenarios.FULL);
      int last = pointer.lastIndexOf('/');
      ((ObjectNode) scenario.at(pointer.substring(0, last))).remove(pointer.substring(last + 1));
      assertFalse(SCHEMA.validate(scenario).isEmpty(), pointer);
      assertTrue(errors(scenario.toString()).getFirst().message().startsWith("missing"), pointer);
    }
  }

  @Test
  void schemaAndReader_knowTheSameFields() {
    Map<String, Set<String>> inSchema = new TreeMap<>();
    Map<String, Set<String>> inReader = new TreeMap<>();
    OBJECTS.forEach(
        (schemaPath, path) -> {
          inSchema.put(path, names(TEXT.at(schemaPath).path("properties")));
          JsonNode scenario = yaml(Scenarios.FULL);
          ((ObjectNode) scenario.at(path)).put("qqqqqqqqqqqq", 1);
          assertFalse(SCHEMA.validate(scenario).isEmpty(), path);
          inReader.put(path, known(errors(scenario.toString()).getFirst().message()));
        });
    assertEquals(inSchema, inReader);
    assertEquals(inSchema.size(), countObjects(TEXT), "an object that is not in the table");
  }

  @Test
  void defaultsOfTheSchema_areThoseOfTheReader() {
    String bare =
        """
        groups: [{battery: {}, churn: {}, moves: [{from: quiet, to: car}]}]
        regressions: [{release: a:1.0.0}]
        rollouts: [{plan: {x: 1}}]
        faults: [{kind: packet_loss}]
        arrival: {}
        """;
    Scenario expected = ScenarioFormat.read(yaml(bare).toString());
    int checked = 0;
    for (Map.Entry<String, String> object : OBJECTS.entrySet()) {
      for (Map.Entry<String, JsonNode> property :
          TEXT.at(object.getKey()).path("properties").properties()) {
        JsonNode usual = property.getValue().path("default");
        JsonNode scenario = yaml(bare);
        boolean isUnit = object.getValue().equals("/faults/0") && usual.isNumber();
        if (usual.isMissingNode() || isUnit || object.getValue().contains("moon")) {
          continue;
        }
        ObjectNode at = (ObjectNode) scenario.at(object.getValue());
        if (!at.has(property.getKey())) {
          at.set(property.getKey(), usual);
          assertEquals(expected, ScenarioFormat.read(scenario.toString()), property.getKey());
          checked++;
        }
      }
    }
    assertTrue(checked > 20, checked + " defaults");
  }

  @Test
  void defaultsOfUnits_areThoseOfTheKinds() {
    for (Fault.Kind kind : Fault.Kind.values()) {
      if (!kind.amount().field().isEmpty()) {
        assertEquals(
            TEXT.at("/properties/faults/items/properties/" + kind.amount().field() + "/default")
                .doubleValue(),
            kind.amount().usual(),
            kind.word());
      }
    }
  }

  @Test
  void everyProperty_isDescribed() {
    assertEquals(List.of(), undescribed(TEXT, ""));
  }

  @Test
  void patterns_areTheReaders() {
    assertEquals(Durations.PATTERN, TEXT.at("/$defs/duration/pattern").asText());
    assertEquals(
        ExpectationParser.PATTERN, TEXT.at("/properties/expect/anyOf/1/items/pattern").asText());
  }

  private static JsonNode yaml(String text) {
    try {
      return YAML.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(text, e);
    }
  }

  private static List<InvalidDocument.FieldError> errors(String text) {
    try {
      ScenarioFormat.read(text);
      return List.of();
    } catch (InvalidDocument e) {
      return e.errors();
    }
  }

  private static void set(JsonNode root, String pointer, JsonNode value) {
    int last = pointer.lastIndexOf('/');
    JsonNode parent = root.at(pointer.substring(0, last));
    String name = pointer.substring(last + 1);
    if (parent instanceof ArrayNode array) {
      array.set(Integer.parseInt(name), value);
    } else {
      ((ObjectNode) parent).set(name, value);
    }
  }

  private static List<String> leavesAndObjects(JsonNode node, String pointer) {
    List<String> pointers = new ArrayList<>();
    if (!pointer.isEmpty()) {
      pointers.add(pointer);
    }
    if (node.isObject()) {
      node.properties()
          .forEach(
              field ->
                  pointers.addAll(
                      leavesAndObjects(field.getValue(), pointer + "/" + field.getKey())));
    }
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      pointers.addAll(leavesAndObjects(node.get(i), pointer + "/" + i));
    }
    return pointers;
  }

  private static Set<String> names(JsonNode object) {
    Set<String> names = new TreeSet<>();
    object.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Set<String> known(String message) {
    Matcher matcher = Pattern.compile("unknown \\(known: (.*)\\)").matcher(message);
    assertTrue(matcher.matches(), message);
    return new TreeSet<>(List.of(matcher.group(1).split(", ", -1)));
  }

  private static int countObjects(JsonNode schema) {
    int here =
        schema.path("properties").isObject() && schema.path("additionalProperties").isBoolean()
            ? 1
            : 0;
    for (JsonNode child : schema) {
      here += countObjects(child);
    }
    return here;
  }

  private static List<String> undescribed(JsonNode schema, String path) {
    List<String> found = new ArrayList<>();
    schema
        .path("properties")
        .properties()
        .forEach(
            property -> {
              String at = path + "/" + property.getKey();
              if (property.getValue().path("description").asText().isEmpty()) {
                found.add(at);
              }
              found.addAll(undescribed(property.getValue(), at));
              found.addAll(undescribed(property.getValue().path("items"), at));
            });
    return found;
  }
}
