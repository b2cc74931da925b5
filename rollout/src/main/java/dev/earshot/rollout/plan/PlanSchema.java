package dev.earshot.rollout.plan;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The published JSON Schema (draft 2020-12) of plans, for editors and other tools. It says of each
 * field alone what {@link PlanFormat} says; how fields fit together, whether the cohort compiles
 * and how long a duration may be, only the latter knows.
 */
public final class PlanSchema {
  /** Names it, and says where it is published. */
  public static final String ID = "https://earshot.dev/schemas/rollout-plan/v1.json";

  private static final String RESOURCE = "plan.schema.json";

  private PlanSchema() {}

  /** Its JSON. */
  public static String text() {
    try (InputStream in =
        Objects.requireNonNull(PlanSchema.class.getResourceAsStream(RESOURCE), RESOURCE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
  }
}
