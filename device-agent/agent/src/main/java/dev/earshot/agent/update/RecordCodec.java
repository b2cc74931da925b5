package dev.earshot.agent.update;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/**
 * The record's bytes: JSON, so that a person with a broken device in hand can read it. Fields that
 * this version does not know are ignored. Its integrity is the flash's business.
 */
public final class RecordCodec {
  private static final JsonMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final ObjectWriter WRITER = JSON.writerFor(DeviceRecord.class);
  private static final ObjectReader READER = JSON.readerFor(DeviceRecord.class);

  private RecordCodec() {}

  /** The bytes to keep. */
  public static byte[] encode(DeviceRecord record) {
    try {
      return WRITER.writeValueAsBytes(record);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("every record can be written", e);
    }
  }

  /** Reads them back. */
  public static DeviceRecord decode(byte[] bytes) throws IOException {
    try {
      return READER.readValue(bytes);
    } catch (JsonProcessingException e) {
      throw new IOException("state record: " + e.getOriginalMessage(), e);
    }
  }
}
