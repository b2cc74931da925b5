package dev.earshot.registry.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.earshot.protocol.Digest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;

/** Speaks to any OCI registry in plain requests, and knows the few that every test needs. */
final class OciClient implements AutoCloseable {
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  static final String INDEX = "application/vnd.oci.image.index.v1+json";
  static final byte[] NOTHING = {};
  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI registry;
  private final String authorization;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /**
   * @param authorization the header; empty for none
   */
  OciClient(URI registry, String authorization) {
    this.registry = registry;
    this.authorization = authorization;
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  HttpResponse<byte[]> get(String path, String... headers) {
    return send("GET", path, NOTHING, headers);
  }

  /** A request; the path may be a whole URL, as a Location may be. Headers: name, value, ... */
  HttpResponse<byte[]> send(String method, String path, byte[] body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(registry.resolve(path));
    request.method(
        method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    // docker-registry 2.8 shows a manifest only to who accepts its type.
    request.header("Accept", MANIFEST + ", " + INDEX + ", */*");
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return http.send(request.build(), BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new AssertionError(method + " " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** Pushes a blob in one go and returns its digest. */
  Digest push(String name, byte[] content) {
    Digest digest = Digest.of(content);
    HttpResponse<byte[]> stored =
        send(
            "PUT",
            with(begin(name), "digest=" + digest),
            content,
            "Content-Type",
            "application/octet-stream");
    assertEquals(201, stored.statusCode(), () -> text(stored));
    return digest;
  }

  /** Begins an upload and returns its address. */
  String begin(String name) {
    HttpResponse<byte[]> begun = send("POST", "/v2/" + name + "/blobs/uploads/", NOTHING);
    assertEquals(202, begun.statusCode(), () -> text(begun));
    return location(begun);
  }

  /** Adds a chunk where it is said to lie. */
  HttpResponse<byte[]> chunk(String upload, long first, byte[] content) {
    return send(
        "PATCH",
        upload,
        content,
        "Content-Range",
        first + "-" + (first + content.length - 1),
        "Content-Type",
        "application/octet-stream");
  }

  /** An address with one more parameter. */
  static String with(String location, String parameter) {
    return location + (location.indexOf('?') < 0 ? "?" : "&") + parameter;
  }

  /** Pushes a manifest. */
  HttpResponse<byte[]> tag(String name, String reference, String manifest) {
    return send(
        "PUT",
        "/v2/" + name + "/manifests/" + reference,
        bytes(manifest),
        "Content-Type",
        MANIFEST);
  }

  /** Pushes config and one layer, and gives the manifest that has them. */
  String artifact(String name, String layer) {
    return manifest(push(name, bytes("{}")), push(name, bytes(layer)), layer.length(), "");
  }

  /**
   * A manifest with one layer.
   *
   * @param more further fields, beginning with a comma
   */
  static String manifest(Digest config, Digest layer, int length, String more) {
    return """
        {"schemaVersion":2,"mediaType":"%s","config":{"mediaType":"application/vnd.test.config.v1+json",\
        "digest":"%s","size":2},"layers":[{"mediaType":"text/plain","digest":"%s","size":%d}]%s}"""
        .formatted(MANIFEST, config, layer, length, more);
  }

  static String location(HttpResponse<byte[]> answer) {
    return header(answer, "Location");
  }

  static String header(HttpResponse<byte[]> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  static JsonNode json(HttpResponse<byte[]> answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new AssertionError(text(answer), e);
    }
  }

  /** The codes of the errors that it tells; none when the body is no list of errors. */
  static List<String> codes(HttpResponse<byte[]> answer) {
    if (!header(answer, "Content-Type").startsWith("application/json")) {
      return List.of();
    }
    return StreamSupport.stream(json(answer).path("errors").spliterator(), false)
        .map(error -> error.path("code").asText())
        .toList();
  }

  static String text(HttpResponse<byte[]> answer) {
    return answer.statusCode() + " " + new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.close();
  }
}
