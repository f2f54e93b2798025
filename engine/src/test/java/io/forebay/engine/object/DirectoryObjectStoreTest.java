package io.forebay.engine.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.object.StoreException.Kind;
import io.forebay.testkit.ForcedFiles;
import io.forebay.testkit.ManualClock;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bucket in a directory. */
class DirectoryObjectStoreTest extends ObjectStoreContract {
  @TempDir private Path home;
  private DirectoryObjectStore store;

  @BeforeEach
  void open() {
    store = new DirectoryObjectStore(home.resolve("new/bucket"), TimeSource.system());
  }

  @Override
  protected ObjectStore store() {
    return store;
  }

  private static Body body(int length) {
    return Body.of(ByteBuffer.allocate(length));
  }

  @Test
  void contentAndEveryNameOnTheWayAreForcedBeforeThePutReturns() throws Exception {
    List<Path> forced =
        ForcedFiles.during(() -> {
          Path root = home.resolve("deep/er/bucket");
          DirectoryObjectStore fresh = new DirectoryObjectStore(root, TimeSource.system());
          fresh.put("segments/01/x", body(10));
        });
    Path root = home.resolve("deep/er/bucket");
    assertThat(forced)
        .contains(
            home,
            home.resolve("deep"),
            home.resolve("deep/er"),
            root,
            root.resolve("segments"),
            root.resolve("segments/01"));
    // The content before the name that makes it visible.
    int content = -1;
    for (int i = 0; i < forced.size(); i++) {
      content = forced.get(i).startsWith(root.resolve("~incoming")) ? i : content;
    }
    assertThat(content).isNotNegative();
    assertThat(forced.lastIndexOf(root.resolve("segments/01"))).isGreaterThan(content);
  }

  @Test
  void aDirectoryThatSomebodyElseHasJustMadeIsForcedAsWell() throws Exception {
    Path root = home.resolve("new/bucket");
    Files.createDirectories(root.resolve("segments/02"));
    List<Path> forced = ForcedFiles.during(() -> store.put("segments/02/x", body(10)));
    assertThat(forced).contains(root, root.resolve("segments"), root.resolve("segments/02"));
    assertThat(ForcedFiles.during(() -> store.put("segments/02/y", body(10)))).hasSize(2);
  }

  @Test
  void aCrashLeavesNoHalfObjectAndItsRestsAreCleared() throws Exception {
    store.put("a", body(10));
    Path incoming = home.resolve("new/bucket/~incoming");
    Files.write(incoming.resolve("left-over"), new byte[5]);
    DirectoryObjectStore again =
        new DirectoryObjectStore(home.resolve("new/bucket"), TimeSource.system());
    assertThat(incoming).isEmptyDirectory();
    assertThat(again.list("", "", 10).objects()).hasSize(1);
  }

  @Test
  void versionsDifferThoughTheClockStandsStill() {
    DirectoryObjectStore still = new DirectoryObjectStore(home.resolve("still"), new ManualClock());
    String first = still.put("a", body(1));
    String second = still.put("a", body(1));
    assertThat(second).isNotEqualTo(first);
    assertThat(still.stat("a").orElseThrow().version()).isEqualTo(second);
  }

  @Test
  void twoStoresOnOneDirectoryDecideConditionsTogether() throws Exception {
    DirectoryObjectStore other =
        new DirectoryObjectStore(home.resolve("new/bucket"), TimeSource.system());
    String version = store.putIf("lease", ByteBuffer.allocate(1), Optional.empty());
    assertThatThrownBy(() -> other.putIf("lease", ByteBuffer.allocate(2), Optional.empty()))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.CONFLICT));
    other.putIf("lease", ByteBuffer.allocate(2), Optional.of(version));
  }

  @Test
  void anObjectWhereADirectoryIsIsRefusedNotRetried() {
    store.put("a/b", body(1));
    assertThatThrownBy(() -> store.put("a", body(1)))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
    assertThatThrownBy(() -> store.put("a/b/c", body(1)))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED));
    assertThat(home.resolve("new/bucket/~incoming")).isEmptyDirectory();
  }

  @Test
  void aDirectoryThatVanishesIsNoMissingObjectToWhoPuts() throws Exception {
    Files.delete(home.resolve("new/bucket/~incoming"));
    assertThatThrownBy(() -> store.put("a", body(1)))
        .isInstanceOfSatisfying(
            StoreException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DOWN));
  }
}
