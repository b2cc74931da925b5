package dev.earshot.rollout.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import dev.earshot.protocol.v1.StageSums;
import java.util.List;

/**
 * The sums behind a decision in protobuf's own JSON form: field names as in the message, 64-bit
 * whole numbers as texts, doubles so that they read back exactly.
 */
final class SumsJson {
  private static final JsonFormat.Printer PRINTER =
      JsonFormat.printer().preservingProtoFieldNames().omittingInsignificantWhitespace();
  private static final ObjectMapper JSON = new ObjectMapper();

  private SumsJson() {}

  static ArrayNode of(List<StageSums> stages) {
    ArrayNode sums = JsonNodeFactory.instance.arrayNode();
    try {
      for (StageSums stage : stages) {
        sums.add(JSON.readTree(PRINTER.print(stage)));
      }
    } catch (InvalidProtocolBufferException | JsonProcessingException e) {
      throw new IllegalStateException("a message without Any can be written as JSON", e);
    }
    return sums;
  }
}
