package dev.earshot.rollout.cohort;

import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.cel.common.CelIssue;
import dev.earshot.protocol.problem.NearestName;
import dev.earshot.protocol.v1.CohortDevice;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Says what is wrong with a cohort's expression to somebody who does not know CEL. A message of the
 * compiler that is not known here is passed on as it is.
 */
final class CohortMessages {
  private static final List<String> ATTRIBUTES =
      CohortDevice.getDescriptor().getFields().stream().map(FieldDescriptor::getName).toList();
  private static final List<String> FUNCTIONS =
      List.of("startsWith", "endsWith", "contains", "matches", "size");
  private static final String EXAMPLE = "device.chip == \"ndp120\"";

  private static final Pattern NO_ATTRIBUTE = Pattern.compile("undefined field '(.*)'");
  private static final Pattern NO_NAME =
      Pattern.compile("undeclared reference to '(.*)' \\(in container ''\\)");
  private static final Pattern NO_OVERLOAD =
      Pattern.compile("found no matching overload for '(.*)' applied to '(.*?)\\.?\\((.*)\\)' .*");
  private static final Pattern NO_CONDITION =
      Pattern.compile("expected type 'bool' but found '(.*)'");
  private static final Pattern NO_TOKEN =
      Pattern.compile("token recognition error at: '(.*)'", Pattern.DOTALL);
  private static final Pattern NO_SENSE =
      Pattern.compile("(?:mismatched|extraneous) input '(.*)' expecting .*", Pattern.DOTALL);
  private static final Pattern NO_PATTERN =
      Pattern.compile("Regex validation failed\\. Reason: (.*?)(?:\n.*)?", Pattern.DOTALL);
  private static final Pattern OPERATOR = Pattern.compile("@?_?([^_]+)_?");

  private final String expression;

  CohortMessages(String expression) {
    this.expression = expression;
  }

  /** One message, with the place of each issue. */
  String of(List<CelIssue> issues) {
    List<String> messages = new ArrayList<>();
    for (CelIssue issue : issues) {
      String message = String.valueOf(issue.getMessage());
      messages.add(place(issue) + explain(message, issue));
      boolean isGrammar =
          NO_TOKEN.matcher(message).matches() || NO_SENSE.matcher(message).matches();
      if (isGrammar) {
        // What follows a mistake in grammar is mostly its consequence.
        break;
      }
    }
    return String.join("; ", messages);
  }

  private String place(CelIssue issue) {
    int line = issue.getSourceLocation().getLine();
    int column = issue.getSourceLocation().getColumn() + 1;
    return expression.indexOf('\n') < 0
        ? "column " + column + ": "
        : "line " + line + ", column " + column + " of the expression: ";
  }

  private String explain(String message, CelIssue issue) {
    Matcher attribute = NO_ATTRIBUTE.matcher(message);
    if (attribute.matches()) {
      return unknownAttribute(attribute.group(1));
    }
    Matcher name = NO_NAME.matcher(message);
    if (name.matches()) {
      return isCall(issue) ? unknownFunction(name.group(1)) : unknownName(name.group(1));
    }
    Matcher overload = NO_OVERLOAD.matcher(message);
    if (overload.matches()) {
      return misfit(overload.group(1), overload.group(2), overload.group(3));
    }
    Matcher condition = NO_CONDITION.matcher(message);
    if (condition.matches()) {
      return "gives "
          + type(condition.group(1))
          + " (expected: a condition, such as "
          + EXAMPLE
          + ")";
    }
    Matcher token = NO_TOKEN.matcher(message);
    if (token.matches()) {
      return unreadable(token.group(1));
    }
    Matcher pattern = NO_PATTERN.matcher(message);
    if (pattern.matches()) {
      return "not a regular expression: " + pattern.group(1);
    }
    Matcher sense = NO_SENSE.matcher(message);
    return sense.matches() ? unexpected(sense.group(1)) : message;
  }

  private static String unknownAttribute(String name) {
    return "unknown attribute device."
        + name
        + NearestName.of(name, ATTRIBUTES)
            .map(near -> "; did you mean device." + near + "?")
            .orElseGet(
                () ->
                    ATTRIBUTES.stream()
                        .map(known -> "device." + known)
                        .collect(Collectors.joining(", ", " (known: ", ")")));
  }

  private static String unknownName(String name) {
    String start = "unknown name " + name + "; ";
    if (ATTRIBUTES.contains(name)) {
      return start + "did you mean device." + name + "?";
    }
    return NearestName.of(name, List.of("device")).isPresent()
        ? start + "did you mean device?"
        : start + "texts need quotes: \"" + name + "\"";
  }

  private static String unknownFunction(String name) {
    return "unknown function "
        + name
        + NearestName.of(name, FUNCTIONS)
            .map(near -> "; did you mean " + near + "?")
            .orElse(" (known: " + String.join(", ", FUNCTIONS) + ")");
  }

  /** An operator or a function does not take what it was given. */
  private static String misfit(String function, String target, String arguments) {
    List<String> types = new ArrayList<>();
    if (!target.isEmpty()) {
      types.add(type(target));
    }
    for (String argument : arguments.split(", ", -1)) {
      types.add(type(argument));
    }
    Matcher operator = OPERATOR.matcher(function);
    String name = function.equals("_[_]") ? "[]" : function;
    name = operator.matches() ? operator.group(1) : name;
    String message = name + " does not fit " + String.join(" and ", types);
    boolean isLogic = List.of("&&", "||", "!").contains(name);
    boolean mixesTextAndNumber = types.contains("a text") && arguments.matches(".*(int|double).*");
    if (isLogic) {
      return message + " (expected: conditions, such as " + EXAMPLE + ")";
    }
    if (name.equals("in")) {
      return message + " (expected: a list, such as device.region in [\"eu\", \"us\"])";
    }
    return mixesTextAndNumber ? message + "; attributes are texts, such as \"120\"" : message;
  }

  private static String unreadable(String text) {
    String start = text.strip();
    if (start.startsWith("=")) {
      return "'=' is not understood; did you mean ==?";
    }
    boolean isQuote = start.startsWith("'") || start.startsWith("\"");
    return isQuote
        ? "a text begins that does not end: " + start
        : "'" + start + "' is not understood";
  }

  private static String unexpected(String text) {
    return switch (text) {
      case "<EOF>" -> "ends too early";
      case "and", "AND" -> "'" + text + "' is not understood; did you mean &&?";
      case "or", "OR" -> "'" + text + "' is not understood; did you mean ||?";
      default -> "'" + text + "' is not expected here";
    };
  }

  /** The compiler points to a call's opening parenthesis. */
  private boolean isCall(CelIssue issue) {
    List<String> lines = expression.lines().toList();
    int line = issue.getSourceLocation().getLine() - 1;
    int column = issue.getSourceLocation().getColumn();
    return line >= 0
        && line < lines.size()
        && column >= 0
        && column < lines.get(line).length()
        && lines.get(line).charAt(column) == '(';
  }

  private static String type(String type) {
    return switch (type) {
      case "string" -> "a text";
      case "int", "uint" -> "a whole number";
      case "double" -> "a number";
      case "bool" -> "a condition";
      case "null" -> "null";
      case "earshot.v1.CohortDevice" -> "a device";
      default -> type.startsWith("list(") ? "a list" : type;
    };
  }
}
