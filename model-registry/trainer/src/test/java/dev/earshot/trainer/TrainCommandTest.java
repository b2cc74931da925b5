package dev.earshot.trainer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrainCommandTest {
  @TempDir Path folder;

  private final StringWriter errors = new StringWriter();

  @Test
  void recipeThatIsNotThere_isNamed() {
    Path missing = folder.resolve("recipe.yaml");

    assertEquals(1, run("--recipe", missing.toString()));
    assertEquals("train: no such file: " + missing, errors.toString().strip());
  }

  @Test
  void wrongRecipe_isRefusedByField_beforeAnythingIsDone() throws IOException {
    Path recipe = folder.resolve("recipe.yaml");
    Files.writeString(recipe, "name: hey-nova\nversion: one\n");

    assertEquals(1, run("--recipe", recipe.toString()));
    assertEquals(
        "train: version: 'one' (expected: MAJOR.MINOR.PATCH, such as 1.4.0)",
        errors.toString().strip());
  }

  @Test
  void withoutARecipe_theUsageIsShown() {
    assertEquals(2, run());
    assertTrue(errors.toString().contains("Missing required option: '--recipe=FILE'"));
  }

  private int run(String... arguments) {
    return new CommandLine(new TrainCommand())
        .setErr(new PrintWriter(errors, true))
        .setOut(new PrintWriter(new StringWriter(), true))
        .execute(arguments);
  }
}
