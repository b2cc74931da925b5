package dev.earshot.service;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a service needs to be ready, by name. A check returns an empty text when all is well, else
 * why not. Built once at start; checks may be called from any thread.
 */
public final class Health {
  private final Map<String, Supplier<String>> checks = new LinkedHashMap<>();

  /** Adds a check; its name is shown in the readiness answer. */
  public Health check(String name, Supplier<String> problem) {
    checks.put(name, problem);
    return this;
  }

  /** Everything that is not well, by name; empty when ready. */
  public Map<String, String> problems() {
    Map<String, String> problems = new LinkedHashMap<>();
    checks.forEach(
        (name, check) -> {
          String problem = check.get();
          if (!problem.isEmpty()) {
            problems.put(name, problem);
          }
        });
    return problems;
  }
}
