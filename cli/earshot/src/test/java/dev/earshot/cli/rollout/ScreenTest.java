package dev.earshot.cli.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jline.terminal.Size;
import org.junit.jupiter.api.Test;

final class ScreenTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private Size size = new Size(40, 10);

  @Test
  void block_isRedrawnInPlace_belowLinesThatStay() {
    Screen screen = live();
    screen.status("a", "", List.of("one", "two"));
    screen.print(List.of("decided"));
    screen.status("a", "", List.of("three"));
    assertEquals("one\ntwo\n\033[2A\r\033[Jdecided\none\ntwo\n\033[2A\r\033[Jthree\n", written());
  }

  @Test
  void block_isCutToTheTerminal() {
    size = new Size(20, 4);
    live().status("a", "", List.of("x".repeat(30), "2", "3", "4"));
    assertEquals("x".repeat(18) + "…\n2\n…\n", written());
  }

  @Test
  void terminalMadeNarrower_isClearedWithTheLinesThatItWrapped() {
    Screen screen = live();
    screen.status("a", "", List.of("x".repeat(35), "2"));
    size = new Size(20, 10);
    screen.status("a", "", List.of("y"));
    assertEquals("x".repeat(35) + "\n2\n\033[3A\r\033[Jy\n", written());
  }

  @Test
  void whatComesAfterTheLastBlock_isBelowIt() {
    Screen screen = live();
    screen.status("a", "", List.of("one"));
    screen.leave();
    screen.print(List.of("stopped"));
    assertEquals("one\nstopped\n", written());
  }

  @Test
  void withoutATerminal_onlyMilestonesArePrinted() {
    Screen screen = new Screen(out, false, () -> size, () -> {});
    screen.status("a", "first", List.of("block"));
    screen.status("a", "second", List.of("block"));
    screen.print(List.of("decided"));
    screen.status("b", "third", List.of("block"));
    assertEquals("first\ndecided\nthird\n", written());
  }

  private Screen live() {
    return new Screen(out, true, () -> size, () -> {});
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
