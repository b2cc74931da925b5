package dev.earshot.protocol.trust;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Map;

/** Which snapshot is the newest; signed again and again, so that a frozen one shows. */
public record Timestamp(long version, Instant expires, FileMeta snapshot) implements Metadata {
  private static final String SNAPSHOT = "snapshot.json";

  public Timestamp {
    Metadata.requireVersion(version);
  }

  @Override
  public String type() {
    return "timestamp";
  }

  @Override
  public ObjectNode encode() {
    ObjectNode signed = Metadata.header(this);
    signed.set("meta", FileMeta.encodeAll(Map.of(SNAPSHOT, snapshot)));
    return signed;
  }

  static Timestamp decode(JsonNode signed) {
    Metadata.requireHeader(signed, "timestamp");
    return new Timestamp(
        Metadata.readVersion(signed),
        Json.instant(signed, "expires"),
        FileMeta.decode(Json.object(Json.object(signed, "meta"), SNAPSHOT)));
  }
}
