package io.forebay.benchmarks;

import java.net.URI;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.services.s3.presigner.model.GetObjectPresignRequest;
import software.amazon.awssdk.services.s3.presigner.model.PutObjectPresignRequest;

/**
 * Presigned URLs, made before the clock runs: every request is authenticated, none is signed late.
 */
final class SignedUrls implements AutoCloseable {
  private static final Duration VALIDITY = Duration.ofHours(6);

  private final S3Presigner presigner;
  private final String bucket;

  SignedUrls(int port, String bucket) {
    this.bucket = bucket;
    this.presigner =
        S3Presigner.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + port))
            .region(Region.US_EAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(
                        GatewayProcess.ACCESS_KEY, GatewayProcess.SECRET_KEY)))
            .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
            .build();
  }

  URI get(String key) {
    return URI.create(
        presigner
            .presignGetObject(
                GetObjectPresignRequest.builder()
                    .signatureDuration(VALIDITY)
                    .getObjectRequest(r -> r.bucket(bucket).key(key))
                    .build())
            .url()
            .toString());
  }

  URI put(String key) {
    return URI.create(
        presigner
            .presignPutObject(
                PutObjectPresignRequest.builder()
                    .signatureDuration(VALIDITY)
                    .putObjectRequest(r -> r.bucket(bucket).key(key))
                    .build())
            .url()
            .toString());
  }

  @Override
  public void close() {
    presigner.close();
  }
}
