package io.forebay.engine.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Durability;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.ReadResult;
import io.forebay.engine.Stability;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Volumes that earlier versions wrote, killed in the middle of their work, are read as they were.
 */
@Timeout(120)
class EarlierVolumesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration AT_ONCE = Duration.ofMillis(50);

  @TempDir private Path home;

  @ParameterizedTest
  @ValueSource(strings = "format-1")
  void everyByteAndAttributeIsAsItWas(String volume) throws Exception {
    unpack(volume);
    List<String> all = Files.readAllLines(home.resolve("expected.txt"));
    InodeId unnamed = new InodeId(Long.parseLong(all.getFirst().substring("unnamed=".length())));
    List<String> expected = all.subList(1, all.size());
    assertThat(expected).hasSizeGreaterThan(50);

    try (Engine engine = CorpusWriter.open(home, AT_ONCE)) {
      assertThat(VolumeDescription.of(engine, List.of(unnamed))).isEqualTo(expected);
      engine.drain(PATIENCE);
      assertThat(engine.problems()).isEmpty();
    }
    // Again, from the bucket alone. The file without a name was closed, and is gone with that.
    deleteCache();
    List<String> named = expected.stream().filter(line -> !line.startsWith("unnamed: ")).toList();
    assertThat(named).hasSize(expected.size() - 1);
    try (Engine engine = CorpusWriter.open(home, AT_ONCE)) {
      assertThat(VolumeDescription.of(engine, List.of())).isEqualTo(named);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = "format-1")
  void moreCanBeWritten(String volume) throws Exception {
    unpack(volume);
    byte[] content = CorpusWriter.content(7, 250_000);
    InodeId inode;
    List<String> before;
    try (Engine engine = CorpusWriter.open(home, AT_ONCE)) {
      before = namesOf(engine);
      FileSystem files = engine.fileSystem(Durability.BUCKET);
      inode =
          files
              .createFile(
                  Caller.ROOT,
                  InodeId.ROOT,
                  FileName.of("later"),
                  CreateMode.GUARDED,
                  AttributeChanges.mode(0600))
              .attributes()
              .inode();
      try (OpenFile file =
          files.open(Caller.ROOT, inode, OpenAccess.READ_WRITE, OpenCheck.ENFORCE)) {
        file.write(0, ByteBuffer.wrap(content), Stability.DURABLE);
      }
    }
    try (Engine engine = CorpusWriter.open(home, AT_ONCE)) {
      assertThat(before).allMatch(line -> !line.contains("inode=" + inode.value() + " "));
      assertThat(namesOf(engine)).containsAll(before).hasSize(before.size() + 1);
      try (OpenFile file =
              engine
                  .fileSystem(Durability.LOCAL)
                  .open(Caller.ROOT, inode, OpenAccess.READ, OpenCheck.ENFORCE);
          ReadResult result = file.read(0, content.length)) {
        assertThat(result.payload().toBytes()).isEqualTo(content);
      }
    }
  }

  /** All but the root, which a new name changes. */
  private static List<String> namesOf(Engine engine) {
    return VolumeDescription.of(engine, List.of()).stream()
        .filter(line -> !line.startsWith("/: "))
        .toList();
  }

  private void unpack(String volume) throws Exception {
    try (InputStream in =
            EarlierVolumesTest.class.getResourceAsStream("/volumes/" + volume + ".zip");
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry each = zip.getNextEntry(); each != null; each = zip.getNextEntry()) {
        Path path = home.resolve(each.getName()).normalize();
        assertThat(path.startsWith(home)).as("%s", path).isTrue();
        if (each.isDirectory()) {
          Files.createDirectories(path);
        } else {
          Files.createDirectories(path.getParent());
          Files.copy(zip, path);
        }
      }
    }
  }

  private void deleteCache() throws Exception {
    try (var found = Files.walk(home.resolve("data").resolve("cache"))) {
      for (Path path : found.filter(Files::isRegularFile).toList()) {
        Files.delete(path);
      }
    }
  }
}
