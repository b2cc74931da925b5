package dev.earshot.agent.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.agent.port.Flash;
import dev.earshot.agent.port.FlashContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFlashTest extends FlashContract {
  private static final byte[] RECORD =
      "{\"bootId\":7}".getBytes(java.nio.charset.StandardCharsets.UTF_8);

  @TempDir private Path directory;
  private @Nullable FileFlash open;

  @Override
  protected Flash reopen() throws IOException {
    return open();
  }

  private FileFlash open() throws IOException {
    close();
    FileFlash flash = new FileFlash(directory, 1 << 20);
    open = flash;
    return flash;
  }

  @AfterEach
  void close() throws IOException {
    FileFlash last = open;
    if (last != null) {
      last.close();
    }
  }

  @Test
  void writeTornAtAnyByte_leavesTheOldRecord() throws IOException {
    open().writeRecord(RECORD);
    byte[] whole = Files.readAllBytes(directory.resolve("state"));
    for (int length = 0; length <= whole.length; length++) {
      // What a power cut before the rename leaves behind.
      Files.write(directory.resolve("state.new"), Arrays.copyOf(whole, length));
      assertArrayEquals(RECORD, open().readRecord().orElseThrow(), length + " bytes written");
      assertFalse(Files.exists(directory.resolve("state.new")));
    }
  }

  @Test
  void recordTruncatedAtAnyByte_isRefused() throws IOException {
    open().writeRecord(RECORD);
    byte[] whole = Files.readAllBytes(directory.resolve("state"));
    for (int length = 0; length < whole.length; length++) {
      Files.write(directory.resolve("state"), Arrays.copyOf(whole, length));
      FileFlash flash = open();
      assertThrows(IOException.class, flash::readRecord, length + " bytes left");
    }
  }

  @Test
  void anyBitFlippedInTheRecord_isNoticed() throws IOException {
    open().writeRecord(RECORD);
    byte[] whole = Files.readAllBytes(directory.resolve("state"));
    for (int bit = 0; bit < whole.length * 8; bit++) {
      byte[] flipped = whole.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(directory.resolve("state"), flipped);
      FileFlash flash = open();
      IOException refused = assertThrows(IOException.class, flash::readRecord, "bit " + bit);
      assertTrue(
          String.valueOf(refused.getMessage()).startsWith(directory.resolve("state").toString()));
    }
  }

  @Test
  void recordThatTheMediumLost_isStoodInForByTheOneBefore() throws IOException {
    byte[] older = {1};
    byte[] newer = {2};
    FileFlash flash = open();
    flash.writeRecord(older);
    flash.writeRecord(newer);
    byte[] whole = Files.readAllBytes(directory.resolve("state"));
    for (int length = 0; length < whole.length; length++) {
      Files.write(directory.resolve("state"), Arrays.copyOf(whole, length));
      FileFlash torn = open();
      assertArrayEquals(older, torn.readRecord().orElseThrow(), length + " bytes left");
      assertTrue(torn.isStandIn());
    }
    Files.delete(directory.resolve("state"));
    FileFlash lost = open();
    assertArrayEquals(older, lost.readRecord().orElseThrow(), "the rename was lost");
    assertTrue(lost.isStandIn());

    lost.writeRecord(newer);
    assertFalse(lost.isStandIn());
    Files.write(directory.resolve("state"), new byte[3]);
    assertArrayEquals(older, open().readRecord().orElseThrow(), "what stood in was kept");
  }

  @Test
  void secondAgentOnTheSameDirectory_isTurnedAway() throws IOException {
    FileFlash first = open();
    IOException refused = assertThrows(IOException.class, () -> new FileFlash(directory, 1 << 20));
    assertEquals(
        directory + ": another agent is using it (stop that one, or give this one --state)",
        refused.getMessage());
    first.close();
    open();
  }
}
