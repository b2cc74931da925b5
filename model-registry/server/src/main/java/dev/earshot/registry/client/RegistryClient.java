package dev.earshot.registry.client;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.Digest;
import dev.earshot.protocol.problem.Problem;
import dev.earshot.protocol.problem.ProblemException;
import dev.earshot.protocol.problem.ProblemType;
import dev.earshot.protocol.release.ReleaseRef;
import dev.earshot.protocol.release.SignedManifest;
import dev.earshot.registry.release.ReleaseFile;
import dev.earshot.registry.release.ReleaseView;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Talks to a registry. Every method blocks, and throws {@link ProblemException} with the registry's
 * own problem, or with {@link ProblemType#UNAVAILABLE} when it can't be reached. Thread-safe.
 */
public final class RegistryClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final Pattern NEXT = Pattern.compile("<([^>]+)>;\\s*rel=\"next\"");
  private static final int OK = 200;
  private static final int CREATED = 201;
  private static final int NOT_FOUND = 404;

  private final URI registry;
  private final String token;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  /**
   * @param registry such as {@code http://localhost:7081}
   * @param token for pushing; empty when only reading
   */
  public RegistryClient(URI registry, String token) {
    String text = registry.toString();
    this.registry =
        text.endsWith("/") ? URI.create(text.substring(0, text.length() - 1)) : registry;
    this.token = token;
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Listing(List<ReleaseView> releases) {}

  /** Uploads content unless it is there already. Returns its digest. */
  public Digest pushBlob(String name, byte[] content) {
    Digest digest = Digest.of(content);
    if (send(request(blobPath(name, digest)).HEAD()).statusCode() == OK) {
      return digest;
    }
    expect(
        send(
            request("/v2/" + name + "/blobs/uploads/?digest=" + digest)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/octet-stream")
                .POST(BodyPublishers.ofByteArray(content))));
    return digest;
  }

  /** The content of that digest; verified. */
  public byte[] blob(String name, Digest digest) {
    byte[] content = expect(send(request(blobPath(name, digest)).GET())).body();
    if (!Digest.of(content).equals(digest)) {
      throw new ProblemException(
          ProblemType.INTERNAL, registry + " sent other content than " + digest);
    }
    return content;
  }

  /** Publishes an envelope whose blobs are there. The same envelope again changes nothing. */
  public ReleaseView publish(SignedManifest signed) {
    HttpResponse<byte[]> answer =
        expect(
            send(
                request("/v1/releases")
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofByteArray(signed.bytes().toArray()))));
    return parse(answer, ReleaseView.class);
  }

  /** Uploads the four files of a folder, then publishes the envelope that was made from it. */
  public ReleaseView push(ReleaseFolder folder, SignedManifest signed) {
    for (ReleaseFile file : ReleaseFile.values()) {
      pushBlob(folder.card().release().name(), folder.content(file));
    }
    return publish(signed);
  }

  /**
   * A file of signed metadata; nothing about it is verified yet. Empty when there is none.
   *
   * @param side {@code image} or {@code director}
   */
  public Optional<byte[]> metadata(String side, String file) {
    HttpResponse<byte[]> answer = send(request(trustPath(side, file)).GET());
    return answer.statusCode() == NOT_FOUND ? Optional.empty() : Optional.of(expect(answer).body());
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
                send(
                    request(trustPath(side, file) + (breaking ? "?breaking=true" : ""))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofByteArray(bytes))))
            .statusCode()
        == CREATED;
  }

  private static String trustPath(String side, String file) {
    return "/v1/trust/" + side + "/" + file;
  }

  /** Every release, by name, the highest counter first. */
  public List<ReleaseView> list() {
    List<ReleaseView> all = new ArrayList<>();
    Optional<String> path = Optional.of("/v1/releases");
    while (path.isPresent()) {
      HttpResponse<byte[]> answer = expect(send(request(path.get()).GET()));
      all.addAll(parse(answer, Listing.class).releases());
      path = answer.headers().firstValue("Link").flatMap(RegistryClient::next);
    }
    return all;
  }

  /** One release with its evaluation. */
  public ReleaseView get(ReleaseRef ref) {
    return parse(expect(send(request(releasePath(ref)).GET())), ReleaseView.class);
  }

  /** The envelope as it was signed. Nothing about it is verified yet. */
  public SignedManifest manifest(ReleaseRef ref) {
    return SignedManifest.parse(expect(send(request(releasePath(ref) + "/manifest").GET())).body());
  }

  @Override
  public void close() {
    http.close();
  }

  private static Optional<String> next(String link) {
    Matcher matcher = NEXT.matcher(link);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static String blobPath(String name, Digest digest) {
    return "/v2/" + name + "/blobs/" + digest;
  }

  private static String releasePath(ReleaseRef ref) {
    return "/v1/releases/" + ref.name() + "/" + ref.version();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(registry + path)).timeout(ANSWER);
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request) {
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      throw new ProblemException(
          ProblemType.UNAVAILABLE,
          "registry " + registry + " can't be reached: " + why + " (is it running?)");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ProblemException(ProblemType.UNAVAILABLE, "interrupted while asking " + registry);
    }
  }

  private static HttpResponse<byte[]> expect(HttpResponse<byte[]> answer) {
    if (answer.statusCode() != OK && answer.statusCode() != CREATED) {
      throw new ProblemException(problem(answer));
    }
    return answer;
  }

  private <T> T parse(HttpResponse<byte[]> answer, Class<T> type) {
    try {
      return JSON.readValue(answer.body(), type);
    } catch (IOException e) {
      throw new ProblemException(
          ProblemType.INTERNAL, registry + " answered something else than a registry would");
    }
  }

  /** The registry's problem, or one made from OCI's error format or from whatever came. */
  private static Problem problem(HttpResponse<byte[]> answer) {
    int status = answer.statusCode();
    JsonNode body = json(answer.body());
    if (body != null && body.path("type").isTextual()) {
      List<Problem.FieldError> errors = new ArrayList<>();
      for (JsonNode error : body.path("errors")) {
        errors.add(
            new Problem.FieldError(error.path("field").asText(), error.path("message").asText()));
      }
      return new Problem(
          body.path("type").asText(),
          body.path("title").asText(),
          status,
          body.path("detail").asText(),
          errors);
    }
    ProblemType type = type(status);
    JsonNode first = body == null ? null : body.path("errors").path(0);
    String detail =
        first == null || first.isMissingNode()
            ? "HTTP status " + status + ": " + new String(answer.body(), StandardCharsets.UTF_8)
            : first.path("code").asText() + ": " + first.path("message").asText();
    return new Problem(type.uri(), type.title(), status, detail, List.of());
  }

  private static ProblemType type(int status) {
    for (ProblemType type : ProblemType.values()) {
      if (type.status() == status) {
        return type;
      }
    }
    return status >= 500 ? ProblemType.INTERNAL : ProblemType.INVALID_REQUEST;
  }

  private static @Nullable JsonNode json(byte[] body) {
    try {
      JsonNode node = JSON.readTree(body);
      return node.isObject() ? node : null;
    } catch (IOException e) {
      return null;
    }
  }
}
