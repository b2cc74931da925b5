package dev.earshot.rollout.assignment;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All rollouts that the devices' side knows of, in the order in which they claim devices. */
public final class Directives {
  private static final Comparator<Directive> NEWEST_FIRST =
      Comparator.<Directive>comparingLong(directive -> -directive.snapshot().getCreatedAtMs())
          .thenComparing(Directive::id);

  /** No rollout. */
  public static final Directives NONE = new Directives(List.of());

  private final Map<String, Directive> byId = new HashMap<>();
  private final List<Directive> byPrecedence;
  private final List<Directive> reverts;

  public Directives(Collection<Directive> directives) {
    directives.forEach(directive -> byId.put(directive.id(), directive));
    byPrecedence = byId.values().stream().sorted(Directive.PRECEDENCE).toList();
    reverts =
        byId.values().stream()
            .filter(directive -> directive.snapshot().getRevert())
            .sorted(NEWEST_FIRST)
            .toList();
  }

  /** The rollout with that id, or null. */
  public @Nullable Directive find(String rollout) {
    return byId.get(rollout);
  }

  /** Reverts by hand, the newest first: the last word holds. */
  List<Directive> reverts() {
    return reverts;
  }

  /** Who asks first comes first. */
  public List<Directive> byPrecedence() {
    return byPrecedence;
  }
}
