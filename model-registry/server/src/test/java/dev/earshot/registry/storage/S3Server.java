package dev.earshot.registry.storage;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/** A real server of the S3 protocol over a directory, on loopback, with signature version 4. */
public final class S3Server implements AutoCloseable {
  static final S3Clients.Limits LIMITS =
      new S3Clients.Limits(
          8,
          Duration.ofSeconds(5),
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(40),
          3);

  private static final String BUCKET = "models";
  private static final String PROVIDER = "filesystem-nio2";

  /** Fewer than the contract's tests have objects, so that listing takes several requests. */
  private static final int PAGE = 4;

  private final S3Proxy server;

  private S3Server(S3Proxy server) {
    this.server = server;
  }

  /** Starts it with one empty bucket. */
  public static S3Server start(Path directory) {
    try {
      Files.createDirectories(directory.resolve(BUCKET));
      Properties properties = new Properties();
      properties.setProperty("s3proxy.filesystem.basedir", directory.toString());
      properties.setProperty("jclouds.filesystem.basedir", directory.toString());
      S3Proxy server =
          S3Proxy.builder()
              .blobStore(BlobStores.create(PROVIDER, properties))
              .endpoint(URI.create("http://127.0.0.1:0"))
              .awsAuthentication(AuthenticationType.AWS_V4, "identity", "the right secret")
              .build();
      server.start();
      return new S3Server(server);
    } catch (Exception e) {
      throw new IllegalStateException("the S3 server does not start", e);
    }
  }

  int port() {
    return server.getPort();
  }

  /** A store in that bucket, below a prefix. */
  public ObjectStore open(String prefix) throws IOException {
    return open(BUCKET, prefix, port(), "the right secret", LIMITS);
  }

  static ObjectStore open(
      String bucket, String prefix, int port, String secret, S3Clients.Limits limits)
      throws IOException {
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    AwsCredentialsProvider credentials =
        StaticCredentialsProvider.create(AwsBasicCredentials.create("identity", secret));
    return S3ObjectStore.open(
        new S3Settings(bucket, prefix, Optional.of(endpoint), "us-east-1", true),
        credentials,
        limits,
        PAGE);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
