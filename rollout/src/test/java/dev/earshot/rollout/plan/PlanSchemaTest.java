package dev.earshot.rollout.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
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
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The published schema against an independent validator and against our own reader. */
final class PlanSchemaTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final JsonNode TEXT = yaml(PlanSchema.text());
  private static final Schema SCHEMA = compile(TEXT);

  /** Where properties are: the schema's path, and a plan's that has such an object. */
  private static final Map<String, String> OBJECTS =
      Map.ofEntries(
          Map.entry("", ""),
          Map.entry("/properties/schedule", "/schedule"),
          Map.entry("/properties/schedule/properties/windows/items", "/schedule/windows/0"),
          Map.entry("/properties/schedule/properties/freezes/items", "/schedule/freezes/0"),
          Map.entry("/properties/stages/items", "/stages/0"),
          Map.entry("/properties/stages/items/properties/margins", "/stages/0/margins"),
          Map.entry("/properties/approval", "/approval"),
          Map.entry("/properties/offers", "/offers"),
          Map.entry("/properties/install", "/install"),
          Map.entry("/properties/deadlines", "/deadlines"),
          Map.entry("/properties/gates", "/gates"));

  /** What each object must have at least, and what shows all of its defaults. */
  private static final String BARE =
      Plans.SHORTEST
          + """
          schedule:
            windows: [{from: "01:00", to: "05:00"}]
            freezes: [{from: 2026-12-20T00:00:00Z, until: 2027-01-02T00:00:00Z}]
          stages: [{percent: 1}]
          approval: {}
          """;

  /** What no schema of a single field can know, and therefore only the reader refuses. */
  private static final Pattern READER_ONLY =
      Pattern.compile(
          "column .*|.*expected: (above 0s to|0s to|at least offers|at least approval|after from|more"
              + " than the stage).*");

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
          "50",
          "51",
          "100",
          "101",
          "3000000000",
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
          "PT",
          "'22:30'",
          "'24:00'",
          "'1:00'",
          "2027-01-31T08:00:00Z",
          "2027-01-31",
          "2027-01-31T08:00:00+14:00",
          "a:1.0.0",
          "a:1.0",
          "a..b:1.0.0",
          "'true'",
          "pause",
          "mon",
          "start",
          "[]",
          "[1]",
          "[mon]",
          "[mon, mon]",
          "[start]",
          "[start, start]",
          "[alice]",
          "['']",
          "{}",
          "{x: 1}",
          "[{percent: 3}]",
          "[{percent: 0}]",
          "[null]");

  @Test
  void schema_isAValidOneOfItsDraft() {
    assertEquals(PlanSchema.ID, TEXT.path("$id").asText());
    Schema meta =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                com.networknt.schema.SchemaLocation.of(
                    SpecificationVersion.DRAFT_2020_12.getDialectId()));
    assertEquals(List.of(), meta.validate(TEXT));
  }

  @Test
  void planWithEveryField_isGood() {
    assertEquals(List.of(), SCHEMA.validate(yaml(Plans.FULL)));
    assertEquals(List.of(), SCHEMA.validate(yaml(Plans.SHORTEST)));
    assertEquals(List.of(), SCHEMA.validate(yaml(BARE)));
  }

  @Provide
  Arbitrary<Plan> plans() {
    return Plans.any();
  }

  @Property(tries = 100)
  void whateverIsWritten_isGood(@ForAll("plans") Plan plan) {
    assertEquals(List.of(), SCHEMA.validate(PlanFormat.write(plan)));
  }

  @Test
  void oddValueInAnyField_isRefusedByBothOrByNeither() {
    List<String> disagreements = new ArrayList<>();
    Set<String> refusedByBoth = new TreeSet<>();
    // The simplest condition, as most of the time would go into compiling it.
    JsonNode full = yaml(Plans.FULL.replace("device.chip == \"ndp120\"", "'true'"));
    for (String pointer : leavesAndObjects(full, "")) {
      for (String odd : ODD_VALUES) {
        JsonNode plan = full.deepCopy();
        set(plan, pointer, yaml(odd));
        boolean schemaRefuses = !SCHEMA.validate(plan).isEmpty();
        List<InvalidDocument.FieldError> errors = errors(plan.toString());
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
    assertEquals(List.of(), disagreements);
    assertEquals(Set.copyOf(leavesAndObjects(yaml(Plans.FULL), "")), refusedByBoth);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/release | Hey:1.0.0",
        "/cohort | ' '",
        "/priority | 2147483648",
        "/schedule/start_at | 2027-01-31",
        "/schedule/windows/0/to | '24:00'",
        "/schedule/windows/0/days | []",
        "/schedule/windows/0/days/1 | monday",
        "/schedule/freezes/0/until | tomorrow",
        "/stages/0/percent | 100.1",
        "/stages/0/soak | 6",
        "/stages/0/min_exposure_hours | -0.1",
        "/stages/0/margins/false_accepts | 1",
        "/stages/0/margins/power | 101",
        "/stages/1/margin | 1",
        "/holdback_percent | 50.1",
        "/approval/count | 11",
        "/approval/by/0 | ''",
        "/approval/before | []",
        "/offers/per_minute | 0",
        "/offers/factor | 0.99",
        "/offers/every_successes | 1.5",
        "/offers/max_downloads | 0",
        "/install/charging | 'yes please'",
        "/install/battery_percent | 101",
        "/install/daily_bytes | 1MiB",
        "/deadlines/retries | 11",
        "/deadlines/retry_after | soon",
        "/gates/alpha | 0.21",
        "/gates/max_failure_percent | 100",
        "/gates/on_harm | stop",
        "/gates/actions/battery | ignore"
      })
  void badValue_isRefusedByBothAtThatField(String pointer, String bad) {
    JsonNode plan = yaml(Plans.FULL);
    set(plan, pointer, yaml(bad));
    assertTrue(
        SCHEMA.validate(plan).stream()
            .anyMatch(error -> pointer.equals(error.getInstanceLocation().toString())),
        () -> pointer + ": " + SCHEMA.validate(plan));
    String field = pointer.substring(1).replaceAll("/(\\d+)", "[$1]").replace('/', '.');
    assertTrue(
        errors(plan.toString()).stream()
            .anyMatch(
                error -> error.field().equals(field) || field.startsWith(error.field() + "[")),
        () -> field + ": " + errors(plan.toString()));
  }

  @Test
  void marginGivenInBothWays_isRefusedByBoth() {
    JsonNode plan = yaml(Plans.FULL);
    ((ObjectNode) plan.at("/stages/0")).put("margin", 1.5);
    assertFalse(SCHEMA.validate(plan).isEmpty());
    assertEquals("stages[0].margin", errors(plan.toString()).getFirst().field());
  }

  @Test
  void fieldThatIsMissing_isRefusedByBoth() {
    for (String pointer :
        List.of(
            "/release",
            "/cohort",
            "/schedule/windows/0/from",
            "/schedule/windows/0/to",
            "/schedule/freezes/0/from",
            "/schedule/freezes/0/until",
            "/stages/0/percent")) {
      JsonNode plan = yaml(Plans.FULL);
      int last = pointer.lastIndexOf('/');
      ((ObjectNode) plan.at(pointer.substring(0, last))).remove(pointer.substring(last + 1));
      assertFalse(SCHEMA.validate(plan).isEmpty(), pointer);
      assertEquals("missing", errors(plan.toString()).getFirst().message(), pointer);
    }
  }

  @Test
  void schemaAndReader_knowTheSameFields() {
    Map<String, String> objects = new TreeMap<>(OBJECTS);
    objects.put("/properties/gates/properties/actions", "/gates/actions");
    Map<String, Set<String>> inSchema = new TreeMap<>();
    Map<String, Set<String>> inReader = new TreeMap<>();
    objects.forEach(
        (schemaPath, planPath) -> {
          inSchema.put(planPath, names(TEXT.at(schemaPath).path("properties")));
          JsonNode plan = yaml(Plans.FULL);
          ((ObjectNode) plan.at(planPath)).put("qqqqqqqqqqqq", 1);
          assertFalse(SCHEMA.validate(plan).isEmpty(), planPath);
          inReader.put(planPath, known(errors(plan.toString()).getFirst().message()));
        });
    assertEquals(inSchema, inReader);
    assertEquals(inSchema.size(), countObjects(TEXT), "an object that is not in the table");
  }

  @Test
  void defaultsOfTheSchema_areThoseOfTheCode() {
    JsonNode written = PlanFormat.write(PlanFormat.read(BARE));
    List<String> without = new ArrayList<>();
    OBJECTS.forEach(
        (schemaPath, planPath) ->
            TEXT.at(schemaPath)
                .path("properties")
                .properties()
                .forEach(
                    property -> {
                      String pointer = planPath + "/" + property.getKey();
                      JsonNode usual = property.getValue().path("default");
                      if (usual.isMissingNode()) {
                        without.add(pointer);
                      } else if (!usual.isObject()
                          && !pointer.equals("/stages")
                          && !pointer.matches("/schedule/(windows|freezes)")) {
                        assertEquals(usual.toString(), written.at(pointer).toString(), pointer);
                      }
                    }));
    assertEquals(
        Set.of(
            "/release",
            "/cohort",
            "/schedule",
            "/schedule/start_at",
            "/schedule/windows/0/from",
            "/schedule/windows/0/to",
            "/schedule/freezes/0/from",
            "/schedule/freezes/0/until",
            "/stages/0/percent",
            "/stages/0/soak",
            "/stages/0/margin",
            "/stages/0/margins",
            "/stages/0/margins/false_accepts",
            "/stages/0/margins/false_rejects",
            "/stages/0/margins/power",
            "/offers",
            "/install",
            "/deadlines",
            "/gates"),
        Set.copyOf(without));
  }

  @Test
  void defaultsOfListsAndObjects_areThoseOfTheCode() {
    JsonNode written = PlanFormat.write(PlanFormat.read(Plans.SHORTEST));
    JsonNode properties = TEXT.path("properties");
    assertEquals(properties.at("/stages/default").toString(), written.path("stages").toString());
    for (String list : List.of("windows", "freezes")) {
      assertEquals(
          properties.at("/schedule/properties/" + list + "/default"),
          written.at("/schedule/" + list));
    }
    assertEquals(properties.at("/gates/properties/actions/default"), written.at("/gates/actions"));
    assertEquals(properties.at("/approval/default/count"), written.at("/approval/count"));
  }

  @Test
  void everyProperty_isDescribed() {
    assertEquals(List.of(), undescribed(TEXT, ""));
  }

  @Test
  void durationPattern_isTheReaders() {
    assertEquals(Durations.PATTERN, TEXT.at("/$defs/duration/pattern").asText());
  }

  private static Schema compile(JsonNode schema) {
    SchemaRegistryConfig config =
        SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build();
    return SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12, builder -> builder.schemaRegistryConfig(config))
        .getSchema(schema);
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
      PlanFormat.read(text);
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
    int here = schema.has("properties") && schema.has("additionalProperties") ? 1 : 0;
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
