package io.forebay.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;

/**
 * The same files over NFS and S3, on real input, one after the other on one gateway: each scenario
 * finds what those before it left. One top-level directory, and so one bucket, for each.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class BothWays {
  private static final Duration GUEST_LIMIT = Duration.ofMinutes(30);
  private static final Path SOURCES = Path.of("/usr/share/go-1.19");
  private static final String TREE_BUCKET = "source";

  private Path work;
  private Path share;
  private GatewayProcess gateway;
  private S3Side s3;
  private Guest guest;
  private Scale scale;
  private long began;

  /** Options and environment that name the backing bucket. */
  record Backing(List<String> options, Map<String, String> environment) {}

  /** Prepares the backing bucket. */
  abstract Backing backing(Path directory) throws Exception;

  /** After the gateway's end; also when it never began. */
  abstract void stopBacking() throws Exception;

  abstract Scale scale();

  @BeforeAll
  void startTheGateway(@TempDir(cleanup = CleanupMode.ALWAYS) Path directory) throws Exception {
    scale = scale();
    work = directory;
    share = Files.createDirectories(work.resolve("share"));
    Backing backing = backing(work.resolve("bucket"));
    gateway = new GatewayProcess(work.resolve("data"), backing.options(), backing.environment());
    s3 = new S3Side(gateway.s3());
    guest = new Guest(gateway, share, GUEST_LIMIT);
  }

  @AfterAll
  void stopTheGateway() throws Exception {
    try {
      if (gateway != null) {
        gateway.keepLog(getClass().getSimpleName());
        gateway.stop();
      }
    } finally {
      if (gateway != null) {
        gateway.close();
        s3.close();
      }
      stopBacking();
    }
  }

  @BeforeEach
  void announce(TestInfo info) {
    began = System.nanoTime();
    Report.line("---- " + getClass().getSimpleName() + ": " + info.getDisplayName());
  }

  @AfterEach
  void tellTheTime(TestInfo info) {
    long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    Report.line("---- took " + seconds + " s: " + info.getDisplayName());
  }

  // --- NFS first

  @Test
  @Order(10)
  void mountsWithoutAVersionAndWithManyConnections() throws Exception {
    guest.runUnmounted("./mounts.sh");
    assertThat(s3.client().listBuckets().buckets())
        .extracting(bucket -> bucket.name())
        .contains("mounts");
    assertThat(s3.sha256("mounts", "file"))
        .isEqualTo(S3Side.sha256("seen\n".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  @Order(20)
  void aSourceTreeIsUnpackedWorkedOnAndTheSameOverS3() throws Exception {
    Path reference = Files.createDirectories(share.resolve("reference"));
    List<String> pack = new ArrayList<>(List.of("tar", "-cf", tar(), "-C", SOURCES.toString()));
    pack.addAll(scale.treeDirectories());
    Command.run(Map.of(), Duration.ofMinutes(2), pack.toArray(String[]::new));
    Command.run(Map.of(), Duration.ofMinutes(2), "tar", "-xf", tar(), "-C", reference.toString());

    guest.run("./tree.sh /mnt/source/w; python3 manifest.py /mnt/source /share/source");

    s3.verify(TREE_BUCKET, manifest("source"));
  }

  private String tar() {
    return share.resolve("tree.tar").toString();
  }

  private Manifest manifest(String name) throws IOException {
    return Manifest.read(share.resolve(name));
  }

  @Test
  @Order(30)
  void appendTruncateSparseMapAndOddNamesAreTheSameOverS3() throws Exception {
    guest.run("python3 oddities.py /mnt/odd/w; python3 manifest.py /mnt/odd /share/odd");

    s3.verify("odd", manifest("odd"));
  }

  @Test
  @Order(35)
  void holesClonesCopiesAndExtendedAttributesWork() throws Exception {
    guest.runUnmounted(
        "mkdir -p /m && mount -t nfs4 10.0.2.2:/ /m -o port=$NFS_PORT,vers=4.2"
            + " && python3 ranges.py /m/ranges/w && python3 manifest.py /m/ranges /share/ranges");

    s3.verify("ranges", manifest("ranges"));
  }

  @Test
  @Order(40)
  void twoClientsLockTheSameFile() throws Exception {
    Files.createDirectories(share.resolve("turns"));
    String script = "python3 locks.py /mnt/locks ";
    try (Command one = guest.start("guest-a", script + "a");
        Command two = guest.start("guest-b", script + "b")) {
      one.succeed(GUEST_LIMIT);
      two.succeed(GUEST_LIMIT);
    }
  }

  @Test
  @Order(50)
  void aBigFileWithRandomOverwritesIsTheSameOverS3() throws Exception {
    List<String> output =
        guest.run(
            "mkdir -p /mnt/big; python3 bigfile.py /mnt/big/file %d %d 42; df /mnt"
                .formatted((long) scale.bigFileMiB() << 20, scale.overwrites()));
    String wanted =
        output.stream()
            .filter(line -> line.startsWith("sha256 "))
            .map(line -> line.substring("sha256 ".length()))
            .findFirst()
            .orElseThrow();

    assertThat(s3.sha256("big", "file")).isEqualTo(wanted);
    assertThat(s3.client().headObject(r -> r.bucket("big").key("file")).contentLength())
        .isEqualTo((long) scale.bigFileMiB() << 20);
  }

  // --- S3 first

  @Test
  @Order(60)
  void aBigDirectoryIsListedTwiceWhileItChanges() throws Exception {
    s3.client().createBucket(r -> r.bucket("many"));
    int entries = scale.directoryEntries();
    long started = System.nanoTime();
    try (ExecutorService writers = Executors.newFixedThreadPool(16)) {
      List<Future<?>> puts = new ArrayList<>();
      for (int i = 0; i < entries; i++) {
        String key = "d/e%06d".formatted(i);
        puts.add(
            writers.submit(() ->
                s3.client()
                    .putObject(r -> r.bucket("many").key(key), RequestBody.fromString(key))));
      }
      for (Future<?> put : puts) {
        put.get();
      }
    }
    Report.line(
        "s3: put %d objects in %d ms"
            .formatted(entries, (System.nanoTime() - started) / 1_000_000));

    guest.run("python3 listing.py /mnt/many/d " + entries);

    assertThat(s3.list("many", 1000)).hasSize(entries);
  }

  @Test
  @Order(70)
  void whatEveryS3ClientPutsIsTheSameOverNfsAtOnce() throws Exception {
    Path list = share.resolve("put.list");
    Clients clients = new Clients(gateway.s3(), Files.createDirectories(work.resolve("put")), list);
    s3.client().createBucket(r -> r.bucket("put"));
    clients.putWithSdk("put", s3);
    clients.putWithBoto("put");
    clients.putWithAws("put", scale.multipartMiB());
    clients.putWithS3cmd("put");
    clients.putWithRclone("put");

    guest.run(
        "python3 verify.py /mnt/put /share/put.list; python3 manifest.py /mnt/put /share/put");

    s3.verify("put", manifest("put"));
  }

  @Test
  @Order(80)
  void everyS3ClientReadsWhatNfsWrote() throws Exception {
    Clients clients =
        new Clients(
            gateway.s3(), Files.createDirectories(work.resolve("get")), work.resolve("get.list"));
    String directory = "src/net";

    clients.downloadAndCompare(
        TREE_BUCKET, "w/tree/" + directory, share.resolve("reference").resolve(directory));
  }

  // --- and again after

  @Test
  @Order(100)
  void everythingIsThereAfterARestart() throws Exception {
    gateway.stop();
    gateway.start();

    guest.run("python3 manifest.py /mnt/source /share/source.again");

    assertThat(manifest("source.again").entries())
        .containsExactlyInAnyOrderElementsOf(manifest("source").entries());
    s3.verify("odd", manifest("odd"));
    s3.verify("put", manifest("put"));
  }

  @Test
  @Order(110)
  void nothingAcknowledgedIsLostByKillingTheProcessUnderLoad() throws Exception {
    s3.client().createBucket(r -> r.bucket("acked"));
    Map<String, String> acknowledged = new ConcurrentSkipListMap<>();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger number = new AtomicInteger();
    try (Command machine =
            guest.start(
                "guest",
                "python3 acknowledged.py /mnt/acked/nfs;"
                    + " python3 verify.py /mnt/acked/nfs /share/acknowledged;"
                    + " python3 verify.py /mnt/acked /share/acknowledged.s3");
        ExecutorService writers = Executors.newFixedThreadPool(2);
        // Closed first, whatever fails: who closes the writers waits for their end.
        AutoCloseable _ = () -> stop.set(true)) {
      for (int i = 0; i < 2; i++) {
        writers.execute(() -> putUntil(stop, number, acknowledged));
      }
      for (int kills = 1; kills <= 3; kills++) {
        awaitProgress(machine, acknowledged, 40);
        gateway.kill();
        Report.line(
            "killed with %d files and %d objects acknowledged"
                .formatted(notedByGuest(), acknowledged.size()));
        gateway.start();
      }
      awaitProgress(machine, acknowledged, 40);
      stop.set(true);
      writers.shutdown();
      assertThat(writers.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
      List<String> lines = new ArrayList<>();
      acknowledged.forEach((key, sha) -> lines.add(key + " " + sha));
      Files.write(share.resolve("acknowledged.s3"), lines);
      Files.writeString(share.resolve("stop"), "now");
      machine.succeed(GUEST_LIMIT);
    }
    for (Map.Entry<String, String> each : acknowledged.entrySet()) {
      assertThat(s3.sha256("acked", each.getKey())).as(each.getKey()).isEqualTo(each.getValue());
    }
    for (String line : Files.readAllLines(share.resolve("acknowledged"))) {
      String[] noted = line.split(" ");
      assertThat(s3.sha256("acked", "nfs/" + noted[0])).as(noted[0]).isEqualTo(noted[1]);
    }
  }

  private void putUntil(
      AtomicBoolean stop, AtomicInteger number, Map<String, String> acknowledged) {
    Random random = new Random(number.get());
    while (!stop.get()) {
      byte[] content = new byte[random.nextInt(4) == 0 ? random.nextInt(2_000_000) : 3000];
      random.nextBytes(content);
      String key = "s3/o%06d".formatted(number.incrementAndGet());
      try {
        s3.client().putObject(r -> r.bucket("acked").key(key), RequestBody.fromBytes(content));
        acknowledged.put(key, S3Side.sha256(content));
      } catch (SdkException notAcknowledged) {
        // Killed meanwhile: nothing was promised.
        assertThat(stop.get()).isFalse();
      } catch (Exception defect) {
        throw new AssertionError(defect);
      }
    }
  }

  /** Until both sides have had this many more acknowledged. */
  private void awaitProgress(Command machine, Map<String, String> acknowledged, int more)
      throws Exception {
    int files = notedByGuest() + more;
    int objects = acknowledged.size() + more;
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(4);
    while (notedByGuest() < files || acknowledged.size() < objects) {
      assertThat(machine.isAlive()).as("%s", machine.lastLines()).isTrue();
      assertThat(System.nanoTime())
          .as("%d files, %d objects: no progress", notedByGuest(), acknowledged.size())
          .isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private int notedByGuest() throws IOException {
    Path notes = share.resolve("acknowledged");
    return Files.exists(notes) ? Files.readAllLines(notes).size() : 0;
  }

  @Test
  @Order(120)
  void everythingIsThereAfterTheCacheIsDeleted() throws Exception {
    gateway.stop();
    gateway.deleteCache();
    gateway.start();

    s3.verify(TREE_BUCKET, manifest("source"));
    guest.run("python3 manifest.py /mnt/odd /share/odd.again");
    assertThat(manifest("odd.again").entries())
        .containsExactlyInAnyOrderElementsOf(manifest("odd").entries());
    s3.verify("put", manifest("put"));
  }

  @Test
  @Order(130)
  void theLogHasNoErrorAndNoTrace() throws Exception {
    assertThat(gateway.complaints()).isEmpty();
  }
}
