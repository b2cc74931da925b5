package dev.earshot.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The corner cases of {@link Exchange}, asked of this registry and of Debian's {@code
 * docker-registry}: status, error codes, body, and the headers that clients act on must be the
 * same, or the table says why not, and then they must differ.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(120)
class DockerRegistryIT {
  private static final List<String> HEADERS =
      List.of(
          "Accept-Ranges",
          "Content-Length",
          "Content-Range",
          "Docker-Content-Digest",
          "Docker-Distribution-API-Version",
          "Link",
          "Location",
          "OCI-Subject",
          "Range");

  private HttpFixture registry;
  private OciClient ours;
  private DockerRegistry docker;
  private OciClient theirs;
  private int repositories;

  @BeforeAll
  void start(@TempDir Path directory) throws IOException {
    Optional<Path> program = DockerRegistry.program();
    assumeTrue(
        program.isPresent(),
        "docker-registry is not installed (fix: .ci/install-packages, or apt-get install"
            + " docker-registry)");
    registry = new HttpFixture(directory.resolve("ours"));
    ours = registry.oci();
    docker =
        DockerRegistry.start(program.get(), Files.createDirectories(directory.resolve("theirs")));
    theirs = new OciClient(docker.uri(), "");
  }

  @AfterAll
  void stop() {
    if (theirs != null) {
      theirs.close();
      docker.close();
      ours.close();
      registry.close();
    }
  }

  /** What a client sees of an answer. */
  private record Seen(int status, List<String> codes, Map<String, String> headers, String body) {

    static Seen of(HttpResponse<byte[]> answer) {
      boolean success = answer.statusCode() < 300;
      Map<String, String> headers = new TreeMap<>();
      for (String name : HEADERS) {
        answer.headers().firstValue(name).ifPresent(value -> headers.put(name, normal(value)));
      }
      String type = OciClient.header(answer, "Content-Type").replace("; charset=utf-8", "");
      boolean json = type.equals("application/json");
      if (json || !success) {
        headers.remove("Content-Length");
      }
      if (success) {
        headers.put("Content-Type", type);
      }
      return new Seen(
          answer.statusCode(),
          OciClient.codes(answer).stream().distinct().toList(),
          headers,
          !success ? "" : json ? told(answer) : new String(answer.body(), StandardCharsets.UTF_8));
    }

    /** What a JSON answer tells; tags in no order, as docker-registry 2.8 gives them in none. */
    private static String told(HttpResponse<byte[]> answer) {
      JsonNode json = OciClient.json(answer);
      return json.has("tags")
          ? json.path("name")
              + " "
              + json.path("tags").valueStream().map(JsonNode::asText).sorted().toList()
          : json.toString();
    }

    /** Without host and without what names an upload. */
    private static String normal(String value) {
      return value
          .replaceFirst("http://127\\.0\\.0\\.1:\\d+", "")
          .replaceFirst("/blobs/uploads/[^/]+$", "/blobs/uploads/<upload>");
    }
  }

  @ParameterizedTest
  @FieldSource("dev.earshot.registry.http.Exchange#TABLE")
  void bothRegistries_answerAlikeOrForAReason(Exchange exchange) {
    String repository = "exchange/n" + repositories++;
    Seen our = Seen.of(exchange.ask().apply(ours, repository));
    Seen their = Seen.of(exchange.ask().apply(theirs, repository));
    if (exchange.ours().isEmpty()) {
      assertEquals(their, our);
    } else {
      assertNotEquals(their, our, "no longer differs: " + exchange.why());
      assertEquals(exchange.ours(), (our.status() + " " + String.join(" ", our.codes())).strip());
    }
  }
}
