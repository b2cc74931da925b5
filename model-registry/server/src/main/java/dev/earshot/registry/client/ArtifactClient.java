package dev.earshot.registry.client;

import static dev.earshot.registry.client.RegistryHttp.expect;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.registry.modelpack.Blob;
import dev.earshot.registry.modelpack.MediaTypes;
import dev.earshot.registry.modelpack.ReleaseArtifact;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Releases as OCI artifacts. Works with any registry of the OCI Distribution Specification 1.1.
 * Every method blocks and throws {@link ProblemException}. Thread-safe.
 */
public final class ArtifactClient {
  private static final int LONGEST_MANIFEST = 4 << 20;

  private final RegistryHttp http;
  private final RegistryClient blobs;

  ArtifactClient(RegistryHttp http, RegistryClient blobs) {
    this.http = http;
    this.blobs = blobs;
  }

  /** The artifact's digest, and every file that it or a referrer of it holds, by name. */
  public record Pulled(Digest digest, Map<String, ByteString> files) {
    public Pulled {
      files = Map.copyOf(files);
    }
  }

  /**
   * Pushes an artifact under the release's version, and what refers to it. What is there already is
   * left alone, so the same artifact again changes nothing.
   *
   * @return its digest
   */
  public Digest push(ReleaseRef ref, ReleaseArtifact artifact) {
    String name = ref.name();
    push(name, artifact.config());
    artifact.layers().forEach(layer -> push(name, layer));
    put(name, ref.version(), artifact.digest(), artifact.manifest());
    for (ReleaseArtifact.Referrer referrer : artifact.referrers()) {
      push(name, referrer.config());
      push(name, referrer.content());
      put(name, referrer.digest().toString(), referrer.digest(), referrer.manifest());
    }
    return artifact.digest();
  }

  private void push(String name, Blob blob) {
    blobs.pushBlob(name, blob.content().toByteArray());
  }

  private void put(String name, String reference, Digest digest, ByteString manifest) {
    HttpResponse<byte[]> there = http.send(manifestRequest(name, reference).GET());
    if (there.statusCode() == RegistryHttp.OK && Digest.of(there.body()).equals(digest)) {
      return;
    }
    HttpResponse<byte[]> answer =
        expect(
            http.send(
                http.authorized(manifestPath(name, reference))
                    .header("Content-Type", MediaTypes.OCI_MANIFEST)
                    .PUT(BodyPublishers.ofByteArray(manifest.toByteArray()))));
    String stored = answer.headers().firstValue("Docker-Content-Digest").orElse("");
    if (!stored.isEmpty() && !stored.equals(digest.toString())) {
      throw wrong(name + ":" + reference, "was stored as " + stored + " instead of " + digest);
    }
  }

  /**
   * Pulls the artifact of a release with its evaluation and signed manifest. Everything is held
   * against the digest that names it, and the artifact's files against those that the signed
   * manifest names. Who signed is for the caller to check.
   */
  public Pulled pull(ReleaseRef ref) {
    HttpResponse<byte[]> answer = manifest(ref.name(), ref.version());
    Digest digest = Digest.of(answer.body());
    String said = answer.headers().firstValue("Docker-Content-Digest").orElse(digest.toString());
    if (!said.equals(digest.toString())) {
      throw wrong(ref.toString(), "is " + digest + ", not " + said + " as the registry says");
    }
    JsonNode manifest = tree(answer);
    if (!manifest.path("artifactType").asText().equals(MediaTypes.MODEL_MANIFEST)) {
      throw wrong(
          ref.toString(),
          "is a "
              + manifest.path("artifactType")
              + " (expected: "
              + MediaTypes.MODEL_MANIFEST
              + ")");
    }
    Map<String, ByteString> files = new LinkedHashMap<>();
    layers(ref, manifest, files);
    for (JsonNode referrer : referrers(ref.name(), digest)) {
      Digest refers = Digest.parse(referrer.path("digest").asText());
      HttpResponse<byte[]> found = manifest(ref.name(), refers.toString());
      if (!Digest.of(found.body()).equals(refers)) {
        throw wrong(ref.toString(), "has a referrer that is not " + refers);
      }
      JsonNode read = tree(found);
      if (!read.at("/subject/digest").asText().equals(digest.toString())) {
        throw wrong(ref.toString(), "is not the subject of its referrer " + refers);
      }
      layers(ref, read, files);
    }
    return new Pulled(digest, files);
  }

  /**
   * The signed manifest among what was pulled.
   *
   * @throws ProblemException when it is not there
   */
  public static SignedManifest signed(ReleaseRef ref, Pulled pulled) {
    ByteString bytes = pulled.files().get("manifest.json");
    if (bytes == null) {
      throw wrong(ref.toString(), "has no signed manifest among its referrers");
    }
    return SignedManifest.parse(bytes.toByteArray());
  }

  private void layers(ReleaseRef ref, JsonNode manifest, Map<String, ByteString> files) {
    for (JsonNode layer : manifest.path("layers")) {
      String file = layer.at("/annotations/org.opencontainers.image.title").asText();
      if (!file.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
        throw wrong(ref.toString(), "has a layer called '" + file + "' (expected: a file name)");
      }
      byte[] content = blobs.blob(ref.name(), Digest.parse(layer.path("digest").asText()));
      if (content.length != layer.path("size").asLong()) {
        throw wrong(ref.toString(), file + " has " + content.length + " bytes, not as it says");
      }
      if (files.putIfAbsent(file, ByteString.copyFrom(content)) != null) {
        throw wrong(ref.toString(), "has " + file + " twice");
      }
    }
  }

  private JsonNode referrers(String name, Digest digest) {
    return tree(expect(http.send(http.request("/v2/" + name + "/referrers/" + digest).GET())))
        .path("manifests");
  }

  private HttpResponse<byte[]> manifest(String name, String reference) {
    HttpResponse<byte[]> answer = expect(http.send(manifestRequest(name, reference).GET()));
    if (answer.body().length > LONGEST_MANIFEST) {
      throw wrong(name + ":" + reference, "is longer than any manifest");
    }
    return answer;
  }

  private HttpRequest.Builder manifestRequest(String name, String reference) {
    return http.request(manifestPath(name, reference)).header("Accept", MediaTypes.OCI_MANIFEST);
  }

  private JsonNode tree(HttpResponse<byte[]> answer) {
    return http.parse(answer, JsonNode.class);
  }

  private static String manifestPath(String name, String reference) {
    return "/v2/" + name + "/manifests/" + reference;
  }

  private static ProblemException wrong(String what, String why) {
    return new ProblemException(ProblemType.INTERNAL, "artifact " + what + " " + why);
  }
}
