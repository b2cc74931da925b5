package dev.earshot.simulator.process;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.simulator.Shard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardFolderTest {
  @Test
  void folderOfAnotherNumberOfProcesses_isRefusedWithTheirNumber(@TempDir Path data)
      throws IOException {
    Files.createDirectories(ShardFolder.of(data, new Shard(1, 3)));
    assertDoesNotThrow(() -> ShardFolder.check(data, 3));
    String refusal = assertThrows(IOException.class, () -> ShardFolder.check(data, 4)).toString();
    assertTrue(refusal.contains("written by 3 processes"), refusal);
    assertThrows(IOException.class, () -> ShardFolder.check(data, 1));
  }

  @Test
  void folderOfOneProcess_isItsOwn(@TempDir Path data) throws IOException {
    assertEquals(data, ShardFolder.of(data, Shard.WHOLE));
    assertDoesNotThrow(() -> ShardFolder.check(data, 4));
    Files.writeString(data.resolve("journal"), "x");
    assertDoesNotThrow(() -> ShardFolder.check(data, 1));
    assertThrows(IOException.class, () -> ShardFolder.check(data, 2));
  }
}
