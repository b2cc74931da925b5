package dev.earshot.simulator.scenario;

import dev.earshot.protocol.document.Document;
import dev.earshot.protocol.document.InvalidDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Reads scenarios from YAML or JSON. Every field has a default, so that a scenario may be short:
 *
 * <pre>
 * groups: [{count: 500}]
 * regressions: [{release: hey-nova:1.1.0, metric: false_accepts, environments: [car]}]
 * </pre>
 *
 * <p>All fields, with their units, ranges and defaults, are in {@link #schema()}.
 */
public final class ScenarioFormat {
  /** Names the schema, and says where it is published. */
  public static final String SCHEMA_ID = "https://earshot.dev/schemas/scenario/v1.json";

  private static final Document.Kind KIND = new Document.Kind("scenario", "groups and faults");
  private static final String SCHEMA = "scenario.schema.json";

  private ScenarioFormat() {}

  /**
   * Reads a scenario.
   *
   * @throws InvalidDocument with everything that is wrong, each with its line
   */
  public static Scenario read(String text) {
    Document document = Document.parse(KIND, text);
    Scenario scenario = ScenarioReader.scenario(document.fields());
    document.finish();
    return scenario;
  }

  /**
   * The published JSON Schema (draft 2020-12) of scenarios, for editors and other tools. It says of
   * each field alone what {@link #read} says; how fields fit together, and how long a duration may
   * be, only the latter knows.
   */
  public static String schema() {
    try (InputStream in =
        Objects.requireNonNull(ScenarioFormat.class.getResourceAsStream(SCHEMA), SCHEMA)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(SCHEMA, e);
    }
  }
}
