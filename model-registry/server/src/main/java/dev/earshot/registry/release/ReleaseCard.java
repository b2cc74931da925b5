package dev.earshot.registry.release;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A release's {@code card.yaml}: what its maker says about it, and where it comes from. The
 * manifest is made from it and the registry checks that both say the same.
 *
 * @param release name and version
 * @param counter release counter, from 1
 * @param description one line
 * @param chips where it may run
 * @param detector how scores become wakes
 * @param frontEnd name of the audio front end
 * @param lineage where it comes from
 */
public record ReleaseCard(
    ReleaseRef release,
    int counter,
    String description,
    List<String> chips,
    ReleaseManifest.Detector detector,
    String frontEnd,
    Lineage lineage) {

  /** Longer cards are refused unread. */
  public static final int LONGEST = 64 * 1024;

  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Set<String> FIELDS =
      Set.of(
          "name", "version", "counter", "description", "chips", "detector", "frontEnd", "lineage");
  private static final Set<String> DETECTOR_FIELDS =
      Set.of("wakeClass", "thresholdScore", "smoothingFrames", "refractoryMillis", "words");
  private static final Set<String> WORD_FIELDS =
      Set.of("label", "wakeClass", "thresholdScore", "smoothingFrames", "refractoryMillis");
  private static final Set<String> LINEAGE_FIELDS = Set.of("recipe", "seed", "data", "parent");

  /**
   * How a release came to be.
   *
   * @param recipe digest of the training recipe
   * @param seed that the training started from
   * @param data digest of the training audio
   * @param parent the release that it improves on, when there is one
   */
  public record Lineage(Digest recipe, long seed, Digest data, @Nullable ReleaseRef parent) {}

  public ReleaseCard {
    chips = List.copyOf(chips);
  }

  /**
   * Reads a card. Unknown fields are refused: a misspelt one would silently mean something else.
   *
   * @throws IllegalArgumentException naming the field that is wrong
   */
  public static ReleaseCard parse(byte[] yaml) {
    if (yaml.length > LONGEST) {
      throw new IllegalArgumentException(
          yaml.length + " bytes (expected: at most " + LONGEST + ")");
    }
    JsonNode root = readTree(yaml);
    only(root, "", FIELDS);
    return new ReleaseCard(
        new ReleaseRef(text(root, "", "name"), text(root, "", "version")),
        integer(root, "", "counter"),
        text(root, "", "description"),
        chips(field(root, "", "chips")),
        detector(field(root, "", "detector")),
        text(root, "", "frontEnd"),
        lineage(field(root, "", "lineage")));
  }

  /** What the manifest says differently; empty when both agree. */
  public List<String> contradictions(ReleaseManifest manifest) {
    List<String> found = new ArrayList<>();
    compare(found, "name:version", release, manifest.release());
    compare(found, "counter", counter, manifest.counter());
    compare(found, "description", description, manifest.description());
    compare(found, "chips", chips, manifest.chips());
    compare(found, "detector", detector, manifest.detector());
    compare(found, "frontEnd", frontEnd, manifest.frontEnd());
    return found;
  }

  private static void compare(List<String> found, String field, Object here, Object there) {
    if (!here.equals(there)) {
      found.add(field + ": " + here + " (manifest: " + there + ")");
    }
  }

  private static JsonNode readTree(byte[] yaml) {
    try {
      JsonNode root = YAML.readTree(yaml);
      if (!root.isObject()) {
        throw new IllegalArgumentException("not a YAML mapping (expected: fields such as name)");
      }
      return root;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not YAML: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static List<String> chips(JsonNode node) {
    List<String> chips = new ArrayList<>();
    for (JsonNode chip : node) {
      if (!chip.isTextual()) {
        throw new IllegalArgumentException(
            "chips: " + node + " (expected: a list of chip names, such as [ndp120])");
      }
      chips.add(chip.textValue());
    }
    return chips;
  }

  private static ReleaseManifest.Detector detector(JsonNode node) {
    only(node, "detector.", DETECTOR_FIELDS);
    return new ReleaseManifest.Detector(
        integer(node, "detector.", "wakeClass"),
        integer(node, "detector.", "thresholdScore"),
        integer(node, "detector.", "smoothingFrames"),
        integer(node, "detector.", "refractoryMillis"),
        node.has("words") ? words(node.get("words")) : List.of());
  }

  private static List<ReleaseManifest.Word> words(JsonNode list) {
    if (!list.isArray()) {
      throw new IllegalArgumentException(
          "detector.words: " + list + " (expected: a list of words)");
    }
    List<ReleaseManifest.Word> words = new ArrayList<>();
    for (JsonNode word : list) {
      String path = "detector.words[" + words.size() + "].";
      only(word, path, WORD_FIELDS);
      words.add(
          new ReleaseManifest.Word(
              text(word, path, "label"),
              integer(word, path, "wakeClass"),
              integer(word, path, "thresholdScore"),
              integer(word, path, "smoothingFrames"),
              integer(word, path, "refractoryMillis")));
    }
    return words;
  }

  private static Lineage lineage(JsonNode node) {
    only(node, "lineage.", LINEAGE_FIELDS);
    JsonNode parent = node.get("parent");
    return new Lineage(
        digest(node, "recipe"),
        field(node, "lineage.", "seed").asLong(),
        digest(node, "data"),
        parent == null || parent.isNull() ? null : ReleaseRef.parse(parent.asText()));
  }

  private static Digest digest(JsonNode node, String name) {
    try {
      return Digest.parse(text(node, "lineage.", name));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("lineage." + name + ": " + e.getMessage(), e);
    }
  }

  private static void only(JsonNode node, String path, Set<String> known) {
    node.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw new IllegalArgumentException(
                    path
                        + name
                        + ": unknown field (expected: one of "
                        + String.join(", ", known.stream().sorted().toList())
                        + ")");
              }
            });
  }

  private static JsonNode field(JsonNode node, String path, String name) {
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      throw new IllegalArgumentException(path + name + ": missing");
    }
    return value;
  }

  private static String text(JsonNode node, String path, String name) {
    JsonNode value = field(node, path, name);
    if (!value.isTextual()) {
      throw new IllegalArgumentException(path + name + ": " + value + " (expected: a text)");
    }
    return value.textValue();
  }

  private static int integer(JsonNode node, String path, String name) {
    JsonNode value = field(node, path, name);
    if (!value.isInt()) {
      throw new IllegalArgumentException(
          path + name + ": " + value + " (expected: a whole number)");
    }
    return value.intValue();
  }
}
