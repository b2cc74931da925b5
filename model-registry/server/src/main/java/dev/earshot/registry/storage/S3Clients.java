package dev.earshot.registry.storage;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Sets the client library up: bounded in connections, time and attempts. */
final class S3Clients {
  /**
   * What one registry takes of a store.
   *
   * @param connections at most, also the number of parts that can be streamed at the same time
   * @param connect to open a connection, or to get one of the pool
   * @param silence between two bytes
   * @param attempt one try of a request, until its head has come
   * @param call a request with all its tries; a blob's upload included
   * @param attempts tries at most, with growing, random pauses between
   */
  record Limits(
      int connections,
      Duration connect,
      Duration silence,
      Duration attempt,
      Duration call,
      int attempts) {}

  /** A call is shorter than a sweep's mark lives, see {@code SweepMarks}. */
  static final Limits LIMITS =
      new Limits(
          64,
          Duration.ofSeconds(5),
          Duration.ofSeconds(15),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          4);

  private S3Clients() {}

  static S3Client create(S3Settings settings, AwsCredentialsProvider credentials, Limits limits) {
    S3ClientBuilder builder =
        S3Client.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(credentials)
            .forcePathStyle(settings.pathStyle())
            // Content-MD5 is what every store checks; checksums in trailers only newer ones know.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .serviceConfiguration(service -> service.chunkedEncodingEnabled(false))
            .httpClientBuilder(
                Apache5HttpClient.builder()
                    .maxConnections(limits.connections())
                    .connectionTimeout(limits.connect())
                    .connectionAcquisitionTimeout(limits.connect())
                    .socketTimeout(limits.silence()))
            .overrideConfiguration(
                override ->
                    override
                        .apiCallAttemptTimeout(limits.attempt())
                        .apiCallTimeout(limits.call())
                        .retryStrategy(
                            AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(limits.attempts())
                                .build()));
    settings.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }
}
