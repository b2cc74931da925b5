package dev.earshot.registry.release;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.protobuf.ByteString;
import dev.earshot.protocol.v1.ModelRelease;
import dev.earshot.registry.TestRelease;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ReleaseCatalogTest {
  @Test
  void newVersionWithHigherCounter_isAdmitted() throws IOException {
    ReleaseCatalog catalog = ReleaseCatalog.EMPTY.with(release("a:1.0.0", 3));
    assertInstanceOf(Admission.Added.class, catalog.admit(release("a:1.1.0", 4)));
    assertInstanceOf(Admission.Added.class, catalog.admit(release("b:1.0.0", 1)));
  }

  @Test
  void sameRelease_isAlreadyThere() throws IOException {
    ReleaseCatalog catalog =
        ReleaseCatalog.EMPTY.with(release("a:1.0.0", 3)).with(release("a:1.1.0", 4));
    assertInstanceOf(Admission.AlreadyThere.class, catalog.admit(release("a:1.0.0", 3)));
  }

  @Test
  void equalOrLowerCounter_isRefused() throws IOException {
    ReleaseCatalog catalog = ReleaseCatalog.EMPTY.with(release("a:1.0.0", 3));
    for (int counter = 1; counter <= 3; counter++) {
      Admission.Refused refused =
          assertInstanceOf(Admission.Refused.class, catalog.admit(release("a:2.0.0", counter)));
      assertEquals(RefusalReason.COUNTER_NOT_GROWING, refused.refusal().reason());
    }
  }

  @Test
  void removedRelease_isGone() throws IOException {
    PublishedRelease release = release("a:1.0.0", 3);
    ReleaseCatalog catalog = ReleaseCatalog.EMPTY.with(release);
    assertEquals(0, catalog.without(release.ref()).size());
    assertEquals(1, catalog.size());
  }

  @Test
  void record_survivesTheTopic() throws IOException {
    PublishedRelease release = release("a:1.0.0", 3);
    assertEquals(release, PublishedRelease.of(release.message()));
  }

  @Test
  void recordThatContradictsItself_isNotBelieved() throws IOException {
    ModelRelease forged =
        release("a:1.0.0", 3).message().toBuilder()
            .setManifest(
                ByteString.copyFrom(TestRelease.of("a:1.0.0", 9).signed().bytes().toArray()))
            .build();
    assertThrows(IllegalArgumentException.class, () -> PublishedRelease.of(forged));
  }

  private static PublishedRelease release(String ref, int counter) throws IOException {
    return PublishedRelease.candidate(TestRelease.of(ref, counter).signed(), TestRelease.NOW);
  }
}
