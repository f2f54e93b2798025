package io.forebay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** S3 clients that other people wrote, from Debian packages, and the SDK in this process. */
final class Clients {
  private static final Duration LIMIT = Duration.ofMinutes(20);

  private final URI endpoint;
  private final Path work;
  private final Path list;
  private final Map<String, String> environment;
  private final List<String> s3cmd;

  /**
   * Clients of one gateway.
   *
   * @param work a directory for files to upload and to download to
   * @param list where a line KEY SHA256 is added for everything that is put
   */
  Clients(URI endpoint, Path work, Path list) {
    this.endpoint = endpoint;
    this.work = work;
    this.list = list;
    this.environment =
        Map.ofEntries(
            Map.entry("AWS_ACCESS_KEY_ID", GatewayProcess.ACCESS_KEY),
            Map.entry("AWS_SECRET_ACCESS_KEY", GatewayProcess.SECRET_KEY),
            Map.entry("AWS_DEFAULT_REGION", "us-east-1"),
            Map.entry("AWS_CONFIG_FILE", work.resolve("none").toString()),
            Map.entry("AWS_EC2_METADATA_DISABLED", "true"),
            Map.entry("ENDPOINT", endpoint.toString()),
            Map.entry("PYTHONDONTWRITEBYTECODE", "1"),
            Map.entry("RCLONE_CONFIG", work.resolve("none").toString()),
            Map.entry("RCLONE_LOG_LEVEL", "ERROR"),
            Map.entry("RCLONE_CONFIG_FB_TYPE", "s3"),
            Map.entry("RCLONE_CONFIG_FB_PROVIDER", "Other"),
            Map.entry("RCLONE_CONFIG_FB_REGION", "us-east-1"),
            Map.entry("RCLONE_CONFIG_FB_ENDPOINT", endpoint.toString()),
            Map.entry("RCLONE_CONFIG_FB_ACCESS_KEY_ID", GatewayProcess.ACCESS_KEY),
            Map.entry("RCLONE_CONFIG_FB_SECRET_ACCESS_KEY", GatewayProcess.SECRET_KEY));
    String host = endpoint.getHost() + ":" + endpoint.getPort();
    this.s3cmd =
        List.of(
            "s3cmd",
            "--config=/dev/null",
            "--access_key=" + GatewayProcess.ACCESS_KEY,
            "--secret_key=" + GatewayProcess.SECRET_KEY,
            "--host=" + host,
            "--host-bucket=" + host,
            "--region=us-east-1",
            "--no-ssl",
            "--no-progress");
  }

  private List<String> run(String... words) throws Exception {
    return Command.run(environment, LIMIT, words);
  }

  private List<String> aws(String... words) throws Exception {
    return run(concat(List.of("aws", "--endpoint-url", endpoint.toString()), words));
  }

  private List<String> s3cmd(String... words) throws Exception {
    return run(concat(s3cmd, words));
  }

  private static String[] concat(List<String> first, String... rest) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(rest));
    return all.toArray(String[]::new);
  }

  /** A file of its own content. */
  private Path file(String name, long size, int seed) throws IOException {
    Path file = work.resolve(name);
    byte[] piece = new byte[1 << 20];
    Random random = new Random(seed);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (long left = size; left > 0; left -= piece.length) {
        random.nextBytes(piece);
        out.write(piece, 0, (int) Math.min(piece.length, left));
      }
    }
    return file;
  }

  private void note(String key, String sha256) throws IOException {
    Files.writeString(
        list, key + " " + sha256 + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static String sha256(Path file) throws Exception {
    try (var content = Files.newInputStream(file)) {
      return S3Side.sha256(content);
    }
  }

  // --- putting

  /** The command line client: small, and in parts. */
  void putWithAws(String bucket, int multipartMib) throws Exception {
    Path small = file("aws-small", 12_345, 1);
    Path large = file("aws-large", ((long) multipartMib << 20) + 1, 2);
    aws("s3", "cp", "--quiet", small.toString(), "s3://" + bucket + "/aws/small");
    aws("s3", "cp", "--quiet", large.toString(), "s3://" + bucket + "/aws/large");
    note("aws/small", sha256(small));
    note("aws/large", sha256(large));
    Files.delete(large);
    Report.line("aws: put 12,345 bytes, and " + multipartMib + " MiB in parts");
  }

  void putWithS3cmd(String bucket) throws Exception {
    Path small = file("s3cmd-small", 54_321, 3);
    Path large = file("s3cmd-large", 40_000_001, 4);
    s3cmd("put", small.toString(), "s3://" + bucket + "/s3cmd/small");
    s3cmd("put", large.toString(), "s3://" + bucket + "/s3cmd/large");
    note("s3cmd/small", sha256(small));
    note("s3cmd/large", sha256(large));
    Report.line("s3cmd: put 54,321 bytes, and 40,000,001 in parts");
  }

  void putWithRclone(String bucket) throws Exception {
    Path directory = Files.createDirectories(work.resolve("rclone"));
    for (int i = 0; i < 20; i++) {
      Files.createDirectories(directory.resolve("d" + i % 4));
      note("rclone/d" + i % 4 + "/f" + i, sha256(file("rclone/d" + i % 4 + "/f" + i, i * 999, i)));
    }
    note("rclone/large", sha256(file("rclone/large", 30_000_001, 5)));
    run(
        concat(
            List.of("rclone", "copy", "--s3-upload-cutoff=10M", "--s3-chunk-size=5M"),
            directory.toString(),
            "fb:" + bucket + "/rclone"));
    run("rclone", "check", "--download", directory.toString(), "fb:" + bucket + "/rclone");
    Report.line("rclone: put 21 objects, one of them in parts, and checked them");
  }

  void putWithBoto(String bucket) throws Exception {
    Path script = Path.of("clients", "boto.py").toAbsolutePath();
    run("python3", script.toString(), bucket, work.toString(), list.toString())
        .forEach(Report::line);
  }

  /** The SDK: a body of known and of unknown length, signed in chunks, and a presigned address. */
  void putWithSdk(String bucket, S3Side s3) throws Exception {
    byte[] content = new byte[3_000_000];
    new Random(6).nextBytes(content);
    s3.client().putObject(r -> r.bucket(bucket).key("sdk/bytes"), RequestBody.fromBytes(content));
    note("sdk/bytes", S3Side.sha256(content));
    s3.client()
        .putObject(
            r -> r.bucket(bucket).key("sdk/stream"),
            RequestBody.fromInputStream(new ByteArrayInputStream(content), content.length));
    note("sdk/stream", S3Side.sha256(content));
    try (S3Presigner presigner =
        S3Presigner.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .credentialsProvider(S3Side.credentials())
            .serviceConfiguration(S3Configuration.builder().pathStyleAccessEnabled(true).build())
            .build()) {
      URI address =
          presigner
              .presignPutObject(p ->
                  p.signatureDuration(Duration.ofMinutes(5))
                      .putObjectRequest(r -> r.bucket(bucket).key("sdk/presigned")))
              .url()
              .toURI();
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(address)
                      .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                      .build(),
                  HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
      note("sdk/presigned", S3Side.sha256(content));
    }
    Report.line("sdk: put bytes, a stream and by a presigned address");
  }

  // --- reading

  /**
   * Downloads a part of a bucket with each of them and compares with a directory.
   *
   * @param prefix without a slash at its end
   */
  void downloadAndCompare(String bucket, String prefix, Path reference) throws Exception {
    String from = bucket + "/" + prefix;
    aws("s3", "sync", "--quiet", "s3://" + from, work.resolve("by-aws").toString());
    run("diff", "-r", reference.toString(), work.resolve("by-aws").toString());
    Files.createDirectories(work.resolve("by-s3cmd"));
    s3cmd("get", "--recursive", "s3://" + from + "/", work.resolve("by-s3cmd") + "/");
    run("diff", "-r", reference.toString(), work.resolve("by-s3cmd").toString());
    run("rclone", "copy", "fb:" + from, work.resolve("by-rclone").toString());
    run("diff", "-r", reference.toString(), work.resolve("by-rclone").toString());
    List<String> names = run("rclone", "lsf", "--recursive", "--files-only", "fb:" + from);
    List<String> listed = s3cmd("ls", "--recursive", "s3://" + from + "/");
    assertThat(listed.stream().filter(line -> line.contains("s3://")))
        .as("lines of s3cmd ls")
        .hasSameSizeAs(names);
    Report.line("aws, s3cmd, rclone: each downloaded the " + names.size() + " files of " + from);
  }
}
