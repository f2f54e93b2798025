package io.forebay.engine.shipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;
import io.forebay.engine.metadata.Objects;
import io.forebay.engine.object.StoreException.Kind;
import io.forebay.testkit.CallLedger.Call;
import io.forebay.testkit.FaultyObjectStore;
import io.forebay.testkit.MemoryObjectStore;
import io.forebay.testkit.Seeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Shipping, restarts, crashes and recovery, with real SQLite. */
@Timeout(120)
class LogShippingTest {
  @TempDir private Path home;
  private final Random random = Seeds.random("LogShippingTest");
  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final FaultyObjectStore bucket = new FaultyObjectStore(memory);
  private final List<String> said = new ArrayList<>();
  private Path data;

  @BeforeEach
  void begin() {
    data = home.resolve("data");
  }

  private ShippedVolume open(long epoch) {
    ShippedVolume volume = new ShippedVolume(data, bucket, epoch, random);
    memory.plant("volume", ShippedVolume.marker(volume.metadata.volume()));
    return volume;
  }

  private RecoveryReport recover(Path into) {
    said.clear();
    return new VolumeRecovery(bucket, TimeSource.system(), random, said::add).fromLog(into);
  }

  private long count(String prefix) {
    return memory.keys().stream().filter(key -> key.startsWith(prefix)).count();
  }

  private List<String> keys(String prefix, String suffix) {
    return memory.keys().stream()
        .filter(key -> key.startsWith(prefix) && key.endsWith(suffix))
        .toList();
  }

  @Test
  void whatWasAwaitedIsThereAfterTheMachineIsLost() throws Exception {
    try (ShippedVolume volume = open(1)) {
      for (int i = 0; i < 50; i++) {
        volume.create("file-" + i);
      }
      volume.ship();
    }
    RecoveryReport report = recover(home.resolve("new"));
    assertThat(report.isComplete()).isTrue();
    assertThat(report.inodes()).isEqualTo(51);
    assertThat(ShippedVolume.dump(home.resolve("new"))).isEqualTo(ShippedVolume.dump(data));
    // And the recovered one can be served and shipped again.
    Path lost = data;
    data = home.resolve("new");
    try (ShippedVolume volume = open(2)) {
      volume.create("more");
      volume.ship();
    }
    assertThat(recover(home.resolve("newer")).inodes()).isEqualTo(52);
    assertThat(lost).exists();
  }

  @Test
  void aRestartGoesOnWithTheLogWhetherTheProcessWasStoppedOrKilled() throws Exception {
    try (ShippedVolume volume = open(1)) {
      volume.create("a");
      volume.ship();
      Path killed = home.resolve("killed");
      volume.create("b");
      ShippedVolume.copy(data, killed);
    }
    long snapshots = keys("snapshots/", "manifest").size();
    data = home.resolve("killed");
    for (int epoch = 2; epoch < 5; epoch++) {
      try (ShippedVolume volume = open(epoch)) {
        volume.create("c" + epoch);
        volume.ship();
      }
    }
    assertThat(keys("snapshots/", "manifest")).hasSize((int) snapshots);
    assertThat(recover(home.resolve("new")).isComplete()).isTrue();
    assertThat(ShippedVolume.dump(home.resolve("new"))).isEqualTo(ShippedVolume.dump(data));
  }

  @Test
  void aRandomWorkloadWithRestartsCrashesAndFaultsIsRecoveredAsItWasAcknowledged()
      throws Exception {
    int epoch = 1;
    ShippedVolume volume = open(epoch);
    for (int round = 0; round < 60; round++) {
      bucket.chaos(random, 0.1);
      for (int i = random.nextInt(40); i > 0; i--) {
        String name = "f" + random.nextInt(60);
        volume.remove(name);
        if (random.nextBoolean()) {
          volume.create(name);
        }
      }
      bucket.heal();
      switch (random.nextInt(4)) {
        case 0 -> {
          volume.close();
          volume = open(++epoch);
        }
        case 1 -> {
          Path crashed = home.resolve("crashed-" + round);
          ShippedVolume.copy(data, crashed);
          volume.shipper.close();
          volume.metadata.close();
          data = crashed;
          if (isAhead(crashed)) {
            // Shipping went on between the copy and the end: an old copy, and said to be so.
            Files.delete(crashed.resolve("metadata/shipped"));
          }
          volume = open(++epoch);
        }
        default -> {
          volume.ship();
          Path recovered = home.resolve("recovered-" + round);
          RecoveryReport report = recover(recovered);
          assertThat(report.isComplete()).as("round %s: %s", round, said).isTrue();
          Path now = home.resolve("now-" + round);
          ShippedVolume.copy(data, now);
          assertThat(ShippedVolume.dump(recovered))
              .as("round %s", round)
              .isEqualTo(ShippedVolume.dump(now));
        }
      }
    }
    volume.close();
  }

  private boolean isAhead(Path copy) {
    try (ShippedVolume _ =
        new ShippedVolume(copied(copy), new FaultyObjectStore(memory), 1000, random)) {
      return false;
    } catch (EngineException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.FENCED);
      return true;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Path copied(Path copy) throws Exception {
    Path probe = copy.resolveSibling(copy.getFileName() + "-probe");
    ShippedVolume.copy(copy, probe);
    return probe;
  }

  @Test
  void aTransactionLargerThanAnObjectIsShippedInPartsAndAppliedWholeOrNotAtAll() throws Exception {
    try (ShippedVolume volume = open(1)) {
      volume.ship();
      volume.metadata.write(tx -> {
        for (int i = 0; i < 3000; i++) {
          tx.putObject(new InodeId(1000 + i), new Objects.Row(0, "", Seeds.bytes(random, 8000)));
        }
        return true;
      });
      volume.ship();
    }
    assertThat(count("log/")).isGreaterThan(2);
    recover(home.resolve("new"));
    assertThat(ShippedVolume.dump(home.resolve("new"))).isEqualTo(ShippedVolume.dump(data));
    List<String> logs = keys("log/", "");
    memory.delete(logs.getLast());
    recover(home.resolve("cut"));
    assertThat(ShippedVolume.dump(home.resolve("cut")).get("object")).isEmpty();
  }

  @Test
  void theLocalLogBeginsAnewOnceItIsShippedAndSnapshotsFollow() throws Exception {
    try (ShippedVolume volume = open(1)) {
      for (int i = 0; i < 130; i++) {
        byte[] bytes = Seeds.bytes(random, 1 << 20);
        InodeId of = new InodeId(1000 + i % 20);
        volume.metadata.write(tx -> {
          tx.putObject(of, new Objects.Row(0, "", bytes));
          return true;
        });
      }
      volume.ship();
      // On a slow machine a snapshot, or the bucket, was behind all the time: it begins anew then.
      Path log = data.resolve("metadata/metadata.sqlite-wal");
      for (int i = 0; Files.size(log) >= 80 << 20; i++) {
        volume.create("more-" + i);
        volume.ship();
      }
    }
    // It has begun anew more than once: to begin with, and because of its size.
    assertThat(data.resolve("metadata/shipped")).content().doesNotContain("sequence 0\n");
    assertThat(data.resolve("metadata/shipped")).content().contains("resetting false");
    try (ShippedVolume volume = open(2)) {
      volume.create("after");
      volume.ship();
    }
    assertThat(recover(home.resolve("new")).isComplete()).isTrue();
    assertThat(ShippedVolume.dump(home.resolve("new"))).isEqualTo(ShippedVolume.dump(data));
  }

  @Test
  void anOutageStopsNoLocalCommitAndEverythingIsShippedAfterwards() throws Exception {
    try (ShippedVolume volume = open(1)) {
      volume.ship();
      bucket.fail(Call.PUT, Kind.DOWN, FaultyObjectStore.FOREVER);
      for (int i = 0; i < 100; i++) {
        volume.create("during-" + i);
      }
      assertThat(volume.shipper.drain(Duration.ofMillis(500))).isFalse();
      assertThat(volume.shipper.problems()).anyMatch(problem -> problem.contains("log"));
      assertThat(volume.meters.get("forebay.log.unshipped.age").gauge().value()).isPositive();
      bucket.heal();
      volume.ship();
      assertThat(volume.shipper.drain(Duration.ofSeconds(10))).isTrue();
    }
    assertThat(recover(home.resolve("new")).inodes()).isEqualTo(101);
  }

  @Test
  void anOldCopyOfTheDataDirectoryIsRefused() throws Exception {
    Path old = home.resolve("old");
    try (ShippedVolume volume = open(1)) {
      volume.create("a");
      volume.ship();
      ShippedVolume.copy(data, old);
      volume.create("b");
      volume.ship();
    }
    data = old;
    assertThatThrownBy(() -> open(2))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.FENCED))
        .hasMessageContaining("old copy");
  }

  @Test
  void aDamagedLogObjectEndsTheLogThereLoudly() throws Exception {
    try (ShippedVolume volume = open(1)) {
      for (int i = 0; i < 6; i++) {
        volume.create("file-" + i);
        volume.ship();
      }
    }
    List<String> logs = keys("log/", "");
    String damaged = logs.get(logs.size() - 3);
    memory.flipBit(damaged, 300);
    RecoveryReport report = recover(home.resolve("new"));
    assertThat(report.isComplete()).isFalse();
    assertThat(report.inodes()).isEqualTo(4);
    assertThat(said).anyMatch(line -> line.contains(damaged));
  }

  @Test
  void aMissingSwappedOrForeignLogObjectIsNoticed() throws Exception {
    try (ShippedVolume volume = open(1)) {
      for (int i = 0; i < 6; i++) {
        volume.create("file-" + i);
        volume.ship();
      }
    }
    List<String> logs = keys("log/", "");
    byte[] third = memory.bytes(logs.get(logs.size() - 3));
    byte[] second = memory.bytes(logs.get(logs.size() - 4));
    memory.plant(logs.get(logs.size() - 3), second);
    assertThat(recover(home.resolve("swapped")).isComplete()).isFalse();
    memory.delete(logs.get(logs.size() - 3));
    assertThat(recover(home.resolve("missing")).isComplete()).isFalse();
    memory.plant(logs.get(logs.size() - 3), third);
    assertThat(recover(home.resolve("whole")).isComplete()).isTrue();
  }

  @Test
  void aDamagedSnapshotIsSaidAndTheOneBeforeItUsedWithoutLoss() throws Exception {
    try (ShippedVolume volume = open(1)) {
      volume.create("a");
      volume.ship();
    }
    byte[] early = memory.bytes(keys("snapshots/", "manifest").getFirst());
    assertThat(early).isNotEmpty();
    String piece = keys("snapshots/", "00000000").getFirst();
    memory.flipBit(piece, 3000);
    assertThatThrownBy(() -> recover(home.resolve("none")))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT));
    assertThat(said).anyMatch(line -> line.contains("digest"));
    assertThat(home.resolve("none/metadata")).doesNotExist();
    memory.flipBit(piece, 3000);
    assertThat(recover(home.resolve("none")).isComplete()).isTrue();
  }

  @Test
  void whatAReplacedGatewayStillWritesIsPassedOver() throws Exception {
    Path zombie = home.resolve("zombie");
    try (ShippedVolume volume = open(1)) {
      volume.create("a");
      volume.ship();
      ShippedVolume.copy(data, zombie);
    }
    MemoryObjectStore other = new MemoryObjectStore();
    memory.keys().forEach(key -> other.plant(key, memory.bytes(key)));
    try (ShippedVolume late = new ShippedVolume(zombie, other, 1, random)) {
      late.create("too-late");
      late.ship();
    }
    try (ShippedVolume volume = open(2)) {
      volume.create("b");
      volume.ship();
    }
    other.keys().stream()
        .filter(key -> key.startsWith("log/"))
        .forEach(key -> memory.plant(key, other.bytes(key)));
    recover(home.resolve("new"));
    assertThat(ShippedVolume.dump(home.resolve("new"))).isEqualTo(ShippedVolume.dump(data));
  }

  @Test
  void onlyWhatNoRecoveryNeedsIsDeleted() {
    LogKeys.Place[] places = {
      new LogKeys.Place(1, 0, 1), new LogKeys.Place(1, 5, 1), new LogKeys.Place(2, 0, 2)
    };
    for (LogKeys.Place place : places) {
      memory.plant(LogKeys.manifest(place), new byte[] {1});
      memory.plant(LogKeys.piece(place, 0), new byte[] {1});
    }
    for (long i = 1; i < 8; i++) {
      memory.plant(LogKeys.log(new LogKeys.Place(1, i, 1)), new byte[] {1});
    }
    memory.plant(LogKeys.log(new LogKeys.Place(2, 1, 2)), new byte[] {1});
    new LogRetention(bucket).run();
    assertThat(memory.keys())
        .containsExactly(
            LogKeys.log(new LogKeys.Place(1, 6, 1)),
            LogKeys.log(new LogKeys.Place(1, 7, 1)),
            LogKeys.log(new LogKeys.Place(2, 1, 2)),
            LogKeys.piece(places[1], 0),
            LogKeys.manifest(places[1]),
            LogKeys.piece(places[2], 0),
            LogKeys.manifest(places[2]));
  }

  @Test
  void aRecoveryRefusesADirectoryThatIsNotEmpty() throws Exception {
    try (ShippedVolume volume = open(1)) {
      volume.ship();
    }
    assertThatThrownBy(() -> recover(data))
        .isInstanceOfSatisfying(
            EngineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.EXISTS));
  }
}
