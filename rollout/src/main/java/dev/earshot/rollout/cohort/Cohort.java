package dev.earshot.rollout.cohort;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.earshot.protocol.v1.CohortDevice;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A condition on devices in CEL (Common Expression Language), such as {@code device.chip ==
 * "ndp120" && device.region == "eu"}. Known attributes: {@code device.id}, {@code fleet}, {@code
 * chip}, {@code region}, {@code firmware}, {@code hardware} and {@code release} (what it runs); all
 * texts, empty when the device did not say. Compiled and type-checked once; thread-safe.
 */
public final class Cohort {
  private static final String DEVICE = "device";
  private static final int LONGEST = 2_000;

  private static final Cel CEL =
      CelFactory.plannerCelBuilder()
          .addMessageTypes(CohortDevice.getDescriptor())
          .addVar(DEVICE, StructTypeReference.create(CohortDevice.getDescriptor().getFullName()))
          .setResultType(SimpleType.BOOL)
          .build();

  private final String expression;
  private final CelRuntime.Program program;

  private Cohort(String expression, CelRuntime.Program program) {
    this.expression = expression;
    this.program = program;
  }

  /**
   * Compiles and type-checks.
   *
   * @throws IllegalArgumentException saying what is wrong, and where in the expression
   */
  public static Cohort compile(String expression) {
    if (expression.length() > LONGEST) {
      throw new IllegalArgumentException(
          expression.length() + " characters (expected: at most " + LONGEST + ")");
    }
    try {
      CelAbstractSyntaxTree checked = CEL.compile(expression).getAst();
      return new Cohort(expression, CEL.createProgram(checked));
    } catch (CelValidationException e) {
      throw new IllegalArgumentException(
          e.getErrors().stream().map(Cohort::describe).collect(Collectors.joining("; ")), e);
    } catch (CelEvaluationException e) {
      throw new IllegalArgumentException(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Whether that device belongs to it. An expression that fails on a device, such as one that
   * divides by zero, does not match it: nobody is enrolled by accident.
   */
  public boolean matches(CohortDevice device) {
    try {
      return Boolean.TRUE.equals(program.eval(Map.of(DEVICE, device)));
    } catch (CelEvaluationException e) {
      return false;
    }
  }

  /** The source text. */
  public String expression() {
    return expression;
  }

  private static String describe(CelIssue issue) {
    String what = String.valueOf(issue.getMessage());
    if (what.startsWith("undefined field")) {
      what +=
          " (known: "
              + CohortDevice.getDescriptor().getFields().stream()
                  .map(field -> DEVICE + "." + field.getName())
                  .collect(Collectors.joining(", "))
              + ")";
    }
    return "column " + (issue.getSourceLocation().getColumn() + 1) + ": " + what;
  }
}
