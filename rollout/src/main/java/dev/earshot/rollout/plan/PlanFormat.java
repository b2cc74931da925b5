package dev.earshot.rollout.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import dev.earshot.protocol.document.Document;
import dev.earshot.protocol.document.InvalidDocument;

/**
 * Reads plans from YAML or JSON and writes them. The shortest plan:
 *
 * <pre>
 * release: hey-nova:1.1.0
 * cohort: device.chip == "ndp120"
 * </pre>
 *
 * <p>All fields, with their units, ranges and defaults, are in {@link PlanSchema}. What is written
 * reads back as the same plan.
 */
public final class PlanFormat {
  private static final ObjectMapper YAML =
      new ObjectMapper(
          YAMLFactory.builder().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER).build());

  private static final Document.Kind KIND = new Document.Kind("plan", "release and cohort");

  private PlanFormat() {}

  /**
   * Reads a plan.
   *
   * @throws InvalidDocument with everything that is wrong
   */
  public static Plan read(String text) {
    return read(parse(text));
  }

  /**
   * Parses a document without yet reading a plan from it.
   *
   * @throws InvalidDocument when it is neither YAML nor JSON with named fields; names the line
   */
  public static Document parse(String text) {
    return Document.parse(KIND, text);
  }

  /**
   * Reads a plan from a parsed document.
   *
   * @throws InvalidDocument with everything that is wrong, in the order of the text
   */
  public static Plan read(Document document) {
    Plan plan = PlanReader.plan(document.fields());
    document.finish();
    return plan;
  }

  /** The plan as JSON with every default written out. */
  public static ObjectNode write(Plan plan) {
    return PlanWriter.write(plan);
  }

  /** The plan as YAML with every default written out. */
  public static String writeYaml(Plan plan) {
    try {
      return YAML.writeValueAsString(write(plan));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }
}
