package io.forebay.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The same bytes three times: in the gateway, under nginx, and as plain files. */
final class Fixture implements AutoCloseable {
  static final String BUCKET = "bench";

  private final Path scratch;
  private final Path plain;
  private final GatewayProcess gateway;
  private final Optional<Nginx> nginx;
  private final boolean quick;

  private Fixture(
      Path scratch, Path plain, GatewayProcess gateway, Optional<Nginx> nginx, boolean quick) {
    this.scratch = scratch;
    this.plain = plain;
    this.gateway = gateway;
    this.nginx = nginx;
    this.quick = quick;
  }

  static Fixture start(Path launcher, Path scratch, boolean quick) throws Exception {
    Path plain = Files.createDirectories(scratch.resolve("plain"));
    Path bucket = Files.createDirectories(scratch.resolve("bucket"));
    GatewayProcess gateway =
        GatewayProcess.start(launcher, scratch.resolve("data"), bucket.toUri().toString());
    Optional<Nginx> nginx = Nginx.start(scratch, plain);
    try (S3Client client = client(gateway.s3Port())) {
      client.createBucket(b -> b.bucket(BUCKET));
    }
    return new Fixture(scratch, plain, gateway, nginx, quick);
  }

  static S3Client client(int port) {
    return S3Client.builder()
        .endpointOverride(URI.create("http://127.0.0.1:" + port))
        .region(Region.US_EAST_1)
        .forcePathStyle(true)
        .httpClient(Apache5HttpClient.create())
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(GatewayProcess.ACCESS_KEY, GatewayProcess.SECRET_KEY)))
        .build();
  }

  /** Random bytes, the same for the same seed. */
  static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    SplittableRandom random = new SplittableRandom(seed);
    while (buffer.remaining() >= Long.BYTES) {
      buffer.putLong(random.nextLong());
    }
    return bytes;
  }

  /** Puts the objects of a size class everywhere; returns their names. */
  List<String> fill(SizeClass size) throws Exception {
    List<String> names = new ArrayList<>();
    try (S3Client client = client(gateway.s3Port())) {
      for (int i = 0; i < size.objects(); i++) {
        String name = size.label().replace(" ", "") + "-" + i;
        byte[] body = bytes(size.bytes() * 1000L + i, size.bytes());
        client.putObject(r -> r.bucket(BUCKET).key(name), RequestBody.fromBytes(body));
        Files.write(plain.resolve(name), body);
        names.add(name);
      }
    }
    return names;
  }

  /** Writes and fdatasyncs a plain file: the physical limit of an acknowledged put. */
  void writeDurably(String name, byte[] body) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            plain.resolve(name), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(body);
      while (buffer.hasRemaining()) {
        file.write(buffer);
      }
      file.force(false);
    }
  }

  GatewayProcess gateway() {
    return gateway;
  }

  Optional<Nginx> nginx() {
    return nginx;
  }

  Path plain() {
    return plain;
  }

  Path scratch() {
    return scratch;
  }

  boolean quick() {
    return quick;
  }

  @Override
  public void close() throws IOException {
    if (nginx.isPresent()) {
      nginx.get().close();
    }
    gateway.close();
  }
}
