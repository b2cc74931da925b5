package dev.earshot.simulator.flash;

import dev.earshot.agent.port.Flash;
import dev.earshot.agent.port.FlashContract;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class JournaledFlashTest extends FlashContract {
  @TempDir Path directory = Path.of("");
  private @Nullable FlashJournal journal;

  @Override
  protected Flash reopen() throws IOException {
    close();
    FlashJournal next = FlashJournal.open(directory, new ImagePool());
    journal = next;
    return next.flash(3);
  }

  @AfterEach
  void close() throws IOException {
    FlashJournal open = journal;
    if (open != null) {
      open.close();
    }
  }
}
