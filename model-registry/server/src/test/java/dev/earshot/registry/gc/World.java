package dev.earshot.registry.gc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.earshot.protocol.Digest;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.registry.TestRelease;
import dev.earshot.registry.blob.BlobStore;
import dev.earshot.registry.blob.BlobUpload;
import dev.earshot.registry.blob.UploadSession;
import dev.earshot.registry.release.PublishedRelease;
import dev.earshot.registry.release.ReleaseCatalog;
import dev.earshot.registry.storage.MemoryObjectStore;
import io.prometheus.client.CollectorRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A registry's store as its writers see it: everything that can be done to it, and what must be
 * there afterwards. Two registries, each with a collector, share it. What is remembered is changed
 * in the same step as the store.
 */
final class World {
  static final Duration GRACE = Duration.ofHours(24);
  private static final Duration STEP = Duration.ofSeconds(1);

  final MemoryObjectStore objects;
  final List<BlobStore> stores = new ArrayList<>();
  final List<GarbageCollector> collectors = new ArrayList<>();
  private ReleaseCatalog catalog = ReleaseCatalog.EMPTY;
  private final Map<Digest, byte[]> contents = new HashMap<>();

  /** By repository and digest. */
  private final Set<String> links = new HashSet<>();

  /** By repository and digest: what it is made of, itself included. */
  private final Map<String, Set<Digest>> manifests = new TreeMap<>();

  /** Releases, by name and version. */
  private final Map<ReleaseRef, Set<Digest>> releases = new HashMap<>();

  World(Path spool, Runnable before) throws IOException {
    objects =
        new MemoryObjectStore(
            () -> {
              before.run();
              pass();
            });
    for (int i = 0; i < 2; i++) {
      BlobStore store = BlobStore.open(objects, spool, 1 << 20);
      stores.add(store);
      collectors.add(
          new GarbageCollector(
              store, () -> catalog, GRACE, new GcMetrics(new CollectorRegistry())));
    }
  }

  private void pass() {
    objects.pass(STEP);
  }

  static byte[] content(int number) {
    return ("content " + number).getBytes(StandardCharsets.UTF_8);
  }

  /** Stores a blob and nothing else, in one go or by a session. */
  Digest store(BlobStore store, byte[] content) throws IOException {
    Digest digest = Digest.of(content);
    contents.put(digest, content);
    if (content.length % 2 == 0) {
      try (BlobUpload upload = store.begin(digest)) {
        upload.write(content);
        upload.commit();
      }
    } else {
      try (UploadSession session = store.uploads().begin()) {
        session.write(content);
        session.finish(digest);
      }
    }
    return digest;
  }

  void push(BlobStore store, String name, byte[] content) throws IOException {
    link(name, store(store, content));
  }

  void mount(BlobStore store, String name, byte[] content) throws IOException {
    Digest digest = Digest.of(content);
    if (store.claim(digest).isPresent()) {
      link(name, digest);
    }
  }

  private void link(String name, Digest digest) {
    objects.put("repositories/" + name + "/_blobs/" + digest.hex(), new byte[0]);
    links.add(name + " " + digest.hex());
  }

  void unlink(String name, byte[] content) {
    String hex = Digest.of(content).hex();
    objects.delete("repositories/" + name + "/_blobs/" + hex);
    links.remove(name + " " + hex);
  }

  /**
   * Pushes a manifest of those that are there.
   *
   * @param subject what it refers to
   */
  void manifest(
      BlobStore store, String name, List<byte[]> layers, Optional<Digest> subject, boolean tagged)
      throws IOException {
    Set<Digest> parts = new TreeSet<>((a, b) -> a.hex().compareTo(b.hex()));
    for (byte[] layer : layers) {
      if (store.claim(Digest.of(layer)).isPresent()) {
        parts.add(Digest.of(layer));
      }
    }
    boolean refers = subject.isPresent() && store.claim(subject.get()).isPresent();
    byte[] json = json(parts, refers ? subject : Optional.empty());
    Digest digest = store(store, json);
    if (refers) {
      objects.put(
          "repositories/" + name + "/_referrers/" + subject.get().hex() + "/" + digest.hex(), json);
      // Until it is deleted with its manifest, which deletes the manifest first.
    }
    objects.put(
        "repositories/" + name + "/_manifests/" + digest.hex(),
        "x".getBytes(StandardCharsets.UTF_8));
    Set<Digest> all = new HashSet<>(parts);
    all.add(digest);
    if (refers) {
      all.add(subject.get());
    }
    manifests.put(name + " " + digest.hex(), all);
    if (tagged) {
      objects.put(
          "repositories/" + name + "/_tags/latest",
          digest.toString().getBytes(StandardCharsets.UTF_8));
    }
  }

  private static byte[] json(Set<Digest> parts, Optional<Digest> subject) {
    StringBuilder json = new StringBuilder("{\"layers\":[");
    for (Digest part : parts) {
      json.append(json.charAt(json.length() - 1) == '[' ? "" : ",").append(descriptor(part));
    }
    json.append(']');
    subject.ifPresent(digest -> json.append(",\"subject\":").append(descriptor(digest)));
    return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String descriptor(Digest digest) {
    return "{\"digest\":\"" + digest + "\"}";
  }

  /** Takes the n-th manifest away, if there are so many, with its tag and its referrers. */
  void unmanifest(int n) {
    List<String> all = List.copyOf(manifests.keySet());
    if (all.isEmpty()) {
      return;
    }
    String[] nameAndHex = all.get(n % all.size()).split(" ");
    String folder = "repositories/" + nameAndHex[0] + "/";
    objects.delete(folder + "_tags/latest");
    manifests.remove(all.get(n % all.size()));
    objects.delete(folder + "_manifests/" + nameAndHex[1]);
    List<String> referrers = new ArrayList<>();
    objects.list(folder + "_referrers/", stat -> referrers.add(stat.key()));
    referrers.stream().filter(key -> key.endsWith(nameAndHex[1])).forEach(objects::delete);
  }

  /** Publishes a release of content that is there already or is stored first. */
  void publish(BlobStore store, int number) throws IOException {
    ReleaseManifest manifest = release(number);
    Set<Digest> parts = new HashSet<>();
    for (int i = 0; i < 4; i++) {
      Digest digest = Digest.of(content(number + i));
      parts.add(store.claim(digest).isPresent() ? digest : store(store, content(number + i)));
    }
    SignedManifest signed = SignedManifest.sign(manifest, List.of(TestRelease.KEY));
    catalog = catalog.with(PublishedRelease.candidate(signed, TestRelease.NOW));
    releases.put(manifest.release(), parts);
  }

  private static ReleaseManifest release(int number) {
    return new ReleaseManifest(
        new ReleaseRef("hey-nova", "1.0." + number),
        number + 1,
        TestRelease.EXPIRES,
        List.of("ndp120"),
        "for tests",
        ReleaseManifest.Target.of(content(number)),
        ReleaseManifest.Target.of(content(number + 1)),
        ReleaseManifest.Target.of(content(number + 2)),
        ReleaseManifest.Target.of(content(number + 3)),
        new ReleaseManifest.Detector(0, 100, 3, 1000),
        "streaming-wake-word");
  }

  void remove(int number) {
    ReleaseRef ref = new ReleaseRef("hey-nova", "1.0." + number);
    catalog = catalog.without(ref);
    releases.remove(ref);
  }

  /** A manifest to refer to, if there is one. */
  Optional<Digest> anyManifest(int n) {
    List<String> all = List.copyOf(manifests.keySet());
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(new Digest(all.get(n % all.size()).split(" ")[1]));
  }

  /** What something refers to; subjects keep what they are made of. */
  private Set<Digest> referred() {
    Set<Digest> referred = new HashSet<>();
    links.forEach(link -> referred.add(new Digest(link.split(" ")[1])));
    releases.values().forEach(referred::addAll);
    manifests.values().forEach(referred::addAll);
    return referred;
  }

  /** Whatever is referred to is there, whole. */
  void requireNothingLost() throws IOException {
    for (Digest digest : referred()) {
      var found = stores.getFirst().find(digest);
      assertTrue(found.isPresent(), () -> digest + " is referred to and gone");
      assertArrayEquals(contents.get(digest), stores.getFirst().read(found.get()));
    }
  }

  /** Long after the last writer, a collection leaves what is referred to and nothing else. */
  void requireOnlyReferredLeft() throws IOException {
    objects.pass(GRACE.plus(Duration.ofHours(1)));
    GcReport dry = collectors.getFirst().collect(true).orElseThrow();
    GcReport report = collectors.getLast().collect(false).orElseThrow();
    assertEquals(dry.blobs(), report.blobs());
    Set<Digest> left = new HashSet<>();
    stores.getFirst().list((digest, stat) -> left.add(digest));
    Set<Digest> expected = closure(referred());
    assertEquals(expected, left);
    assertEquals(left.size(), report.kept().count());
    objects.list("sweeps/", mark -> assertEquals("", mark.key()));
  }

  /**
   * A subject that was deleted in its repository keeps its parts for as long as it is referred to.
   */
  private Set<Digest> closure(Set<Digest> roots) {
    Set<Digest> all = new HashSet<>(roots);
    for (int before = -1; before != all.size(); ) {
      before = all.size();
      for (Digest digest : List.copyOf(all)) {
        String text = new String(contents.get(digest), StandardCharsets.UTF_8);
        if (text.startsWith("{")) {
          contents.keySet().stream()
              .filter(other -> text.contains(other.hex()))
              .filter(this::present)
              .forEach(all::add);
        }
      }
    }
    return all;
  }

  private boolean present(Digest digest) {
    return objects.stat(BlobStore.key(digest)).isPresent();
  }
}
