package dev.earshot.registry.release;

import dev.earshot.protocol.release.ReleaseRef;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Every release that was accepted, as far as the release topic has been read. Immutable: the next
 * record gives the next catalog, so readers on any thread see one consistent moment.
 */
public final class ReleaseCatalog {
  private static final Comparator<PublishedRelease> BY_NAME_NEWEST_FIRST =
      Comparator.comparing((PublishedRelease release) -> release.ref().name())
          .thenComparing(release -> release.manifest().counter(), Comparator.reverseOrder())
          .thenComparing(PublishedRelease::ref);

  /** Nothing published yet. Below the comparator, which its constructor needs. */
  public static final ReleaseCatalog EMPTY = new ReleaseCatalog(Map.of());

  private final Map<ReleaseRef, PublishedRelease> releases;
  private final List<PublishedRelease> sorted;

  private ReleaseCatalog(Map<ReleaseRef, PublishedRelease> releases) {
    this.releases = releases;
    this.sorted = releases.values().stream().sorted(BY_NAME_NEWEST_FIRST).toList();
  }

  /** With that release, which replaces the one of the same name and version. */
  public ReleaseCatalog with(PublishedRelease release) {
    Map<ReleaseRef, PublishedRelease> next = new TreeMap<>(releases);
    next.put(release.ref(), release);
    return new ReleaseCatalog(next);
  }

  /** Without that release. */
  public ReleaseCatalog without(ReleaseRef ref) {
    Map<ReleaseRef, PublishedRelease> next = new TreeMap<>(releases);
    next.remove(ref);
    return new ReleaseCatalog(next);
  }

  public Optional<PublishedRelease> find(ReleaseRef ref) {
    return Optional.ofNullable(releases.get(ref));
  }

  /** All, by name, the highest counter of a name first. */
  public List<PublishedRelease> all() {
    return sorted;
  }

  /** How many there are. */
  public int size() {
    return sorted.size();
  }

  /**
   * Whether that candidate may be added: the version is free, and the counter is above every one of
   * that name. The same release again is no error.
   */
  public Admission admit(PublishedRelease candidate) {
    PublishedRelease present = releases.get(candidate.ref());
    if (present != null) {
      return present.digest().equals(candidate.digest())
          ? new Admission.AlreadyThere(present)
          : refused(
              RefusalReason.VERSION_TAKEN,
              "custom.release",
              candidate.ref()
                  + " is published already with other content, "
                  + present.digest()
                  + " (expected: a new version; a version never changes)");
    }
    int highest =
        sorted.stream()
            .filter(release -> release.ref().name().equals(candidate.ref().name()))
            .mapToInt(release -> release.manifest().counter())
            .max()
            .orElse(0);
    int counter = candidate.manifest().counter();
    return counter > highest
        ? new Admission.Added(candidate)
        : refused(
            RefusalReason.COUNTER_NOT_GROWING,
            "version",
            "release counter: "
                + counter
                + " (expected: above "
                + highest
                + ", the highest of "
                + candidate.ref().name()
                + "; devices never go back)");
  }

  private static Admission refused(RefusalReason reason, String field, String detail) {
    return new Admission.Refused(Refusal.of(reason, field, detail));
  }
}
