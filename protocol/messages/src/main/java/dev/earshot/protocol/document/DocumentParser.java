package dev.earshot.protocol.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link Document} from the tokens of YAML or JSON, as a ready-made tree has forgotten the
 * lines. Stricter than YAML: no field twice, no aliases, one document.
 */
final class DocumentParser {
  private static final int LONGEST = 64 * 1024;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonFactory JSON = new JsonFactory();
  private static final YAMLFactory YAML = new YAMLFactory();
  private static final Pattern LOOKS_LIKE_JSON = Pattern.compile("\\s*\\{\\s*[\"}](?s:.*)");

  private final Document.Kind kind;
  private final JsonParser parser;
  private final Map<String, Integer> lines = new HashMap<>();
  private final Map<String, String> twice = new LinkedHashMap<>();

  private DocumentParser(Document.Kind kind, JsonParser parser) {
    this.kind = kind;
    this.parser = parser;
  }

  /**
   * @throws InvalidDocument when it is neither YAML nor JSON, or has no named fields
   */
  static Document parse(Document.Kind kind, String text) {
    if (text.length() > LONGEST) {
      throw whole(kind, 0, text.length() + " characters (expected: at most " + LONGEST + ")");
    }
    if (!LOOKS_LIKE_JSON.matcher(text).matches()) {
      return parse(kind, YAML, text);
    }
    // YAML has nearly all of JSON, but no tabs; and a mistake in JSON is best explained as one.
    try {
      return parse(kind, JSON, text);
    } catch (InvalidDocument asJson) {
      try {
        return parse(kind, YAML, text);
      } catch (InvalidDocument asYaml) {
        throw asJson;
      }
    }
  }

  private static Document parse(Document.Kind kind, JsonFactory format, String text) {
    try (JsonParser parser = format.createParser(text)) {
      return new DocumentParser(kind, parser).document();
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw whole(
          kind, at == null ? 0 : Math.max(0, at.getLineNr()), explain(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("a text in memory can be read", e);
    }
  }

  private Document document() throws IOException {
    parser.nextToken();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw whole(kind, line(), "expected: fields such as " + kind.example() + ", in YAML or JSON");
    }
    Document document = new Document(kind, object(""), lines);
    if (parser.nextToken() != null) {
      throw whole(kind, line(), "a second document begins (expected: one " + kind.noun() + ")");
    }
    twice.forEach(document::refuse);
    return document;
  }

  private ObjectNode object(String path) throws IOException {
    lines.putIfAbsent(path, line());
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      String at = path.isEmpty() ? name : path + "." + name;
      int line = line();
      boolean again = object.has(name);
      if (again) {
        twice.put(at, "given twice: on line " + lines.get(at) + " and on line " + line);
      } else {
        lines.put(at, line);
      }
      parser.nextToken();
      JsonNode value = value(at);
      if (!again) {
        object.set(name, value);
      }
    }
    return object;
  }

  private ArrayNode list(String path) throws IOException {
    ArrayNode list = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      String at = path + "[" + list.size() + "]";
      lines.put(at, line());
      list.add(value(at));
    }
    return list;
  }

  private JsonNode value(String path) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      return object(path);
    }
    if (token == JsonToken.START_ARRAY) {
      return list(path);
    }
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      throw refused(
          kind,
          path,
          line(),
          "*" + parser.getText() + " (expected: the value itself, not an alias)");
    }
    return scalar(token);
  }

  private JsonNode scalar(JsonToken token) throws IOException {
    if (token == JsonToken.VALUE_STRING) {
      return NODES.textNode(parser.getText());
    }
    if (token.isBoolean()) {
      return NODES.booleanNode(token == JsonToken.VALUE_TRUE);
    }
    if (token == JsonToken.VALUE_NUMBER_FLOAT) {
      return NODES.numberNode(parser.getDoubleValue());
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return NODES.numberNode(parser.getBigIntegerValue());
    }
    return NODES.nullNode();
  }

  private int line() {
    return Math.max(0, parser.currentTokenLocation().getLineNr());
  }

  private static InvalidDocument whole(Document.Kind kind, int line, String message) {
    return refused(kind, kind.noun(), line, message);
  }

  private static InvalidDocument refused(
      Document.Kind kind, String field, int line, String message) {
    return new InvalidDocument(
        kind.noun(), List.of(new InvalidDocument.FieldError(field, line, message)));
  }

  /** YAML's messages say what was read, then what went wrong, each with an indented excerpt. */
  private static String explain(@Nullable String message) {
    List<String> parts =
        (message == null ? "not readable" : message)
            .lines()
            .filter(line -> !line.isBlank() && !Character.isWhitespace(line.charAt(0)))
            .toList();
    boolean ofYaml = parts.size() > 1 && parts.getFirst().startsWith("while ");
    String said =
        ofYaml
            ? parts.get(1) + " " + parts.getFirst()
            : parts.stream().limit(1).collect(Collectors.joining());
    boolean needsQuotes =
        said.contains("mapping values are not allowed") || said.contains("expected <block end>");
    return needsQuotes
        ? said + "; a text with ': ' in it, or that begins with a quote, needs quotes around it all"
        : said;
  }
}
