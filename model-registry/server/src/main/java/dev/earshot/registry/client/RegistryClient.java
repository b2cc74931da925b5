package dev.earshot.registry.client;

import static dev.earshot.registry.client.RegistryHttp.expect;

import dev.earshot.ndp.NdpModel;
import dev.earshot.ndp.graph.ModelFormatException;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.release.ReleaseManifest;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.registry.release.AliasView;
import dev.earshot.registry.release.EvaluationReader;
import dev.earshot.registry.release.ReleaseCard;
import dev.earshot.registry.release.ReleaseDetails;
import dev.earshot.registry.release.ReleaseFile;
import dev.earshot.registry.release.ReleaseView;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Talks to a registry. Every method blocks, and throws {@link ProblemException} with the registry's
 * own problem, or with {@link ProblemType#UNAVAILABLE} when it can't be reached. Thread-safe.
 */
public final class RegistryClient implements AutoCloseable {
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"next\"");
  private static final String JSON_TYPE = "application/json";

  private final RegistryHttp http;

  /**
   * @param registry such as {@code http://localhost:7081}
   * @param token for pushing; empty when only reading
   */
  public RegistryClient(URI registry, String token) {
    http = new RegistryHttp(registry, token);
  }

  private record Listing(List<ReleaseView> releases) {}

  private record AliasListing(List<AliasView> aliases) {}

  /** Uploads content unless it is there already. Returns its digest. */
  public Digest pushBlob(String name, byte[] content) {
    Digest digest = Digest.of(content);
    if (http.send(http.request(blobPath(name, digest)).HEAD()).statusCode() == RegistryHttp.OK) {
      return digest;
    }
    expect(
        http.send(
            http.authorized("/v2/" + name + "/blobs/uploads/?digest=" + digest)
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(content))));
    return digest;
  }

  /** The content of that digest; verified. */
  public byte[] blob(String name, Digest digest) {
    byte[] content = get(blobPath(name, digest)).body();
    if (!Digest.of(content).equals(digest)) {
      throw new ProblemException(
          ProblemType.INTERNAL, http.registry() + " sent other content than " + digest);
    }
    return content;
  }

  /** Publishes an envelope whose blobs are there. The same envelope again changes nothing. */
  public ReleaseView publish(SignedManifest signed) {
    return http.parse(
        expect(
            http.send(
                http.authorized("/v1/releases")
                    .header("Content-Type", JSON_TYPE)
                    .POST(BodyPublishers.ofByteArray(signed.bytes().toArray())))),
        ReleaseView.class);
  }

  /** Uploads the four files of a folder, then publishes the envelope that was made from it. */
  public ReleaseView push(ReleaseFolder folder, SignedManifest signed) {
    for (ReleaseFile file : ReleaseFile.values()) {
      pushBlob(folder.card().release().name(), folder.content(file));
    }
    return publish(signed);
  }

  /** The release as an OCI artifact. */
  public ArtifactClient artifacts() {
    return new ArtifactClient(http, this);
  }

  /**
   * A file of signed metadata; nothing about it is verified yet. Empty when there is none.
   *
   * @param side {@code image} or {@code director}
   */
  public Optional<byte[]> metadata(String side, String file) {
    HttpResponse<byte[]> answer = http.send(http.request(trustPath(side, file)).GET());
    return answer.statusCode() == RegistryHttp.NOT_FOUND
        ? Optional.empty()
        : Optional.of(expect(answer).body());
  }

  /**
   * Sends signed metadata. The same file again changes nothing.
   *
   * @param breaking also when clients find nothing afterwards until what is below it was signed
   *     again
   * @return whether it was new
   */
  public boolean putMetadata(String side, String file, byte[] bytes, boolean breaking) {
    return expect(
                http.send(
                    http.authorized(trustPath(side, file) + (breaking ? "?breaking=true" : ""))
                        .header("Content-Type", JSON_TYPE)
                        .PUT(BodyPublishers.ofByteArray(bytes))))
            .statusCode()
        == RegistryHttp.CREATED;
  }

  /** Every release, by name, the highest counter first. */
  public List<ReleaseView> list() {
    return find("", "");
  }

  /**
   * The releases that are looked for.
   *
   * @param where such as {@code chip = ndp120 and fah < 0.5}; empty for all
   * @param sort such as {@code -published,name}; empty for by name, the highest counter first
   */
  public List<ReleaseView> find(String where, String sort) {
    List<ReleaseView> all = new ArrayList<>();
    Optional<String> path =
        Optional.of("/v1/releases?q=" + encoded(where) + "&sort=" + encoded(sort));
    while (path.isPresent()) {
      HttpResponse<byte[]> answer = get(path.get());
      all.addAll(http.parse(answer, Listing.class).releases());
      path = answer.headers().firstValue("Link").flatMap(RegistryClient::next);
    }
    return all;
  }

  /** One release with its evaluation. */
  public ReleaseView get(ReleaseRef ref) {
    return http.parse(get(releasePath(ref)), ReleaseView.class);
  }

  /** The envelope as it was signed. Nothing about it is verified yet. */
  public SignedManifest manifest(ReleaseRef ref) {
    return SignedManifest.parse(get(releasePath(ref) + "/manifest").body());
  }

  /** What the files say that a manifest names; each is verified against it. */
  public ReleaseDetails details(ReleaseManifest manifest) {
    String name = manifest.release().name();
    try {
      return new ReleaseDetails(
          ReleaseCard.parse(blob(name, manifest.card().digest())),
          EvaluationReader.parse(blob(name, manifest.evaluation().digest())),
          NdpModel.parse(blob(name, manifest.model().digest())).summary());
    } catch (ModelFormatException e) {
      throw new ProblemException(
          ProblemType.INTERNAL, manifest.release() + ": its model: " + e.getMessage());
    }
  }

  /**
   * Changes a release's status, whatever it is now.
   *
   * @param status such as {@code approved}
   * @param reason one line for the record
   * @param actor who decides, for the record
   */
  public ReleaseView status(ReleaseRef ref, String status, String reason, String actor) {
    String path = releasePath(ref);
    return http.parse(
        expect(
            http.send(
                http.authorized(path)
                    .header("If-Match", tag(get(path)))
                    .method(
                        "PATCH",
                        json(Map.of("status", status, "reason", reason, "actor", actor))))),
        ReleaseView.class);
  }

  /** Every alias of a name. */
  public List<AliasView> aliases(String name) {
    return http.parse(get("/v1/releases/" + encoded(name) + "/aliases"), AliasListing.class)
        .aliases();
  }

  /** What an alias stands for. */
  public ReleaseRef alias(String name, String alias) {
    AliasView view = http.parse(get(aliasPath(name, alias)), AliasView.class);
    return new ReleaseRef(view.name(), view.version());
  }

  /** Lets an alias stand for a version, whatever it stands for now. */
  public AliasView setAlias(String name, String alias, String version, String actor) {
    String path = aliasPath(name, alias);
    HttpResponse<byte[]> now = http.send(http.request(path).GET());
    HttpRequest.Builder request =
        now.statusCode() == RegistryHttp.NOT_FOUND
            ? http.authorized(path).header("If-None-Match", "*")
            : http.authorized(path).header("If-Match", tag(expect(now)));
    return http.parse(
        expect(http.send(request.PUT(json(Map.of("version", version, "actor", actor))))),
        AliasView.class);
  }

  /** Takes an alias away. */
  public void removeAlias(String name, String alias) {
    String path = aliasPath(name, alias);
    expect(http.send(http.authorized(path).header("If-Match", tag(get(path))).DELETE()));
  }

  /**
   * The release that somebody means.
   *
   * @param text {@code name:version}, or {@code name@alias}
   */
  public ReleaseRef resolve(String text) {
    int at = text.indexOf('@');
    return at < 0 ? ReleaseRef.parse(text) : alias(text.substring(0, at), text.substring(at + 1));
  }

  /** {@link #manifest}, or empty when there is no such release. */
  public Optional<SignedManifest> findManifest(ReleaseRef ref) {
    HttpResponse<byte[]> answer = http.send(http.request(releasePath(ref) + "/manifest").GET());
    return answer.statusCode() == RegistryHttp.NOT_FOUND
        ? Optional.empty()
        : Optional.of(SignedManifest.parse(expect(answer).body()));
  }

  @Override
  public void close() {
    http.close();
  }

  private HttpResponse<byte[]> get(String path) {
    return expect(http.send(http.request(path).GET()));
  }

  private static String tag(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("ETag").orElse("*");
  }

  private static HttpRequest.BodyPublisher json(Map<String, String> fields) {
    return BodyPublishers.ofByteArray(RegistryHttp.json(fields));
  }

  private static Optional<String> next(String link) {
    Matcher matcher = NEXT.matcher(link);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String blobPath(String name, Digest digest) {
    return "/v2/" + name + "/blobs/" + digest;
  }

  private static String releasePath(ReleaseRef ref) {
    return "/v1/releases/" + ref.name() + "/" + ref.version();
  }

  private static String aliasPath(String name, String alias) {
    return "/v1/releases/" + encoded(name) + "/aliases/" + encoded(alias);
  }

  private static String trustPath(String side, String file) {
    return "/v1/trust/" + side + "/" + file;
  }
}
