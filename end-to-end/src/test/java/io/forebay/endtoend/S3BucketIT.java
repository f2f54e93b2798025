package io.forebay.endtoend;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** With a real S3 server as the backing bucket: Ceph's object gateway. */
final class S3BucketIT extends BothWays {
  private static final String SERVER = Path.of("ceph-rgw").toAbsolutePath().toString();
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final String ACCESS_KEY = "ceph-access";
  private static final String SECRET_KEY = "ceph-secret";

  private @Nullable Path directory;

  @Override
  Backing backing(Path where) throws Exception {
    directory = where;
    int port = GatewayProcess.freePort();
    String monitorPort = Integer.toString(GatewayProcess.freePort());
    long started = System.nanoTime();
    Command.run(
        Map.of(), LIMIT, SERVER, "start", where.toString(), Integer.toString(port), monitorPort);
    URI endpoint = URI.create("http://127.0.0.1:" + port);
    Report.line("ceph: ready after " + (System.nanoTime() - started) / 1_000_000 + " ms");
    try (S3Client client =
        S3Client.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
            .build()) {
      client.createBucket(r -> r.bucket("backing"));
    }
    return new Backing(
        List.of("--bucket-url", "s3://backing/volume?endpoint=" + endpoint + "&region=us-east-1"),
        Map.of("AWS_ACCESS_KEY_ID", ACCESS_KEY, "AWS_SECRET_ACCESS_KEY", SECRET_KEY));
  }

  @Override
  Scale scale() {
    return Scale.ofSecondBackend();
  }

  @Override
  void stopBacking() throws Exception {
    if (directory != null) {
      Command.run(Map.of(), LIMIT, SERVER, "stop", directory.toString());
    }
  }
}
