package io.forebay.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.forebay.engine.AttributeChanges;
import io.forebay.engine.Caller;
import io.forebay.engine.CreateMode;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileName;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.ReadResult;
import io.forebay.engine.Stability;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the contract suites of {@link FileSystem} have in common: a volume and words for tests. */
@Timeout(60)
public abstract class FileSystemSuite {
  protected static final Caller SU = Caller.ROOT;
  protected static final Caller ALICE = Caller.of(1001, 2001);
  protected static final Caller BOB = Caller.of(1002, 2002);

  @TempDir Path directory;
  private FileSystemWorld world;

  /** A new volume in an empty directory. */
  protected abstract FileSystemWorld open(Path directory);

  @BeforeEach
  void openWorld() {
    world = open(directory);
  }

  @AfterEach
  void closeWorld() {
    world.close();
  }

  protected final FileSystemWorld world() {
    return world;
  }

  /** The volume's present view. */
  protected final FileSystem fs() {
    return world.fileSystem(Durability.LOCAL);
  }

  protected static FileName name(String name) {
    return FileName.of(name);
  }

  /** Runs an operation that is refused. */
  protected static void assertRefused(ErrorCode code, Runnable operation) {
    EngineException refused = catchThrowableOfType(EngineException.class, operation::run);
    assertThat(refused).as("not refused").isNotNull();
    assertThat(refused.code()).as(refused.toString()).isEqualTo(code);
  }

  protected final InodeId makeDirectory(InodeId parent, String name, int mode) {
    return fs().createDirectory(SU, parent, name(name), AttributeChanges.mode(mode))
        .attributes()
        .inode();
  }

  protected final InodeId makeFile(InodeId parent, String name) {
    return makeFile(SU, parent, name, 0644);
  }

  protected final InodeId makeFile(Caller caller, InodeId parent, String name, int mode) {
    return fs().createFile(
            caller, parent, name(name), CreateMode.GUARDED, AttributeChanges.mode(mode))
        .attributes()
        .inode();
  }

  protected final FileAttributes lookup(InodeId parent, String name) {
    return fs().lookup(SU, parent, name(name));
  }

  protected final boolean exists(InodeId parent, String name) {
    try {
      lookup(parent, name);
      return true;
    } catch (EngineException e) {
      assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
      return false;
    }
  }

  protected final OpenFile openFile(InodeId file) {
    return fs().open(SU, file, OpenAccess.READ_WRITE, OpenCheck.ENFORCE);
  }

  /** Writes text durably. */
  protected final void writeFile(InodeId file, String text) {
    try (OpenFile open = openFile(file)) {
      write(open, 0, text);
      open.commit();
    }
  }

  protected static FileAttributes write(OpenFile file, long offset, String text) {
    return write(file, offset, text.getBytes(StandardCharsets.UTF_8));
  }

  protected static FileAttributes write(OpenFile file, long offset, byte[] bytes) {
    return file.write(offset, ByteBuffer.wrap(bytes), Stability.UNSTABLE);
  }

  /** The whole file. */
  protected final String readFile(InodeId file) {
    try (OpenFile open = openFile(file)) {
      return new String(read(open, 0, (int) fs().attributes(file).size()), StandardCharsets.UTF_8);
    }
  }

  protected static byte[] read(OpenFile file, long offset, int length) {
    try (ReadResult result = file.read(offset, length)) {
      return result.payload().toBytes();
    }
  }

  protected static String readText(OpenFile file) {
    return new String(read(file, 0, FileSystem.MAX_TRANSFER), StandardCharsets.UTF_8);
  }
}
