package io.forebay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.object.Body;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.ObjectStoreContract;
import io.forebay.engine.object.ObjectStores;
import io.forebay.engine.object.StoreException;
import io.forebay.engine.object.StoreException.Kind;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** What an object store owes, asked of a real S3 server: Ceph's object gateway. */
final class ObjectStoreIT extends ObjectStoreContract {
  private static final String SERVER = Path.of("ceph-rgw").toAbsolutePath().toString();
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Map<String, String> CREDENTIALS =
      Map.of("aws.accessKeyId", "ceph-access", "aws.secretAccessKey", "ceph-secret");

  @TempDir private static Path directory;
  private static String endpoint = "";
  private static int prefixes;
  private ObjectStore store;

  @BeforeAll
  static void start() throws Exception {
    CREDENTIALS.forEach(System::setProperty);
    int port = GatewayProcess.freePort();
    Command.run(
        Map.of(),
        LIMIT,
        SERVER,
        "start",
        directory.resolve("ceph").toString(),
        Integer.toString(port),
        Integer.toString(GatewayProcess.freePort()));
    endpoint = "http://127.0.0.1:" + port;
    try (S3Client client =
        S3Client.builder()
            .endpointOverride(URI.create(endpoint))
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .build()) {
      client.createBucket(r -> r.bucket("contract"));
    }
  }

  @AfterAll
  static void stop() throws Exception {
    CREDENTIALS.keySet().forEach(System::clearProperty);
    Command.run(Map.of(), LIMIT, SERVER, "stop", directory.resolve("ceph").toString());
  }

  private static ObjectStore open(String bucketAndPrefix) {
    return ObjectStores.open(
        URI.create("s3://" + bucketAndPrefix + "?region=us-east-1&endpoint=" + endpoint),
        8,
        TimeSource.system());
  }

  @BeforeEach
  void open() {
    store = open("contract/volume-" + ++prefixes);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  private static void assertFails(Kind kind, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).as(e.toString()).isEqualTo(kind));
  }

  @Test
  void aWrongChecksumIsFoundByTheServerAndNothingIsStored() {
    Body wrong =
        new Body() {
          @Override
          public long length() {
            return 5;
          }

          @Override
          public InputStream open() {
            return new ByteArrayInputStream(new byte[5]);
          }

          @Override
          public long crc32c() {
            return 1;
          }
        };
    try {
      store.put("a", wrong);
      // This version of the server does not know CRC32C; then it is our trailers that tell.
      Report.line("ceph: does not check x-amz-checksum-crc32c");
    } catch (StoreException e) {
      assertThat(e.kind()).isEqualTo(Kind.CORRUPT);
      assertThat(store.stat("a")).isEmpty();
    }
  }

  @Test
  void aBucketThatIsNotThereIsRefused() {
    try (ObjectStore none = open("no-such-bucket/prefix")) {
      assertFails(Kind.REFUSED, () -> none.put("a", Body.of(ByteBuffer.allocate(1))));
      assertFails(Kind.REFUSED, () -> none.get("a", 0, ByteBuffer.allocate(1)));
      assertFails(Kind.REFUSED, () -> none.list("", "", 1));
    }
  }

  @Test
  void aServerThatIsNotThereIsDown() throws Exception {
    int nobody = GatewayProcess.freePort();
    try (ObjectStore none =
        ObjectStores.open(
            URI.create("s3://b/p?region=us-east-1&endpoint=http://127.0.0.1:" + nobody),
            1,
            TimeSource.system())) {
      assertFails(Kind.DOWN, () -> none.put("a", Body.of(ByteBuffer.allocate(1))));
      assertFails(Kind.DOWN, () -> none.get("a", 0, ByteBuffer.allocate(1)));
    }
  }

  @Test
  void prefixesKeepVolumesApart() {
    store.put("a", Body.of(ByteBuffer.allocate(1)));
    try (ObjectStore other = open("contract/volume-" + prefixes + "x")) {
      assertThat(other.list("", "", 10).objects()).isEmpty();
      assertThat(other.stat("a")).isEmpty();
    }
  }
}
