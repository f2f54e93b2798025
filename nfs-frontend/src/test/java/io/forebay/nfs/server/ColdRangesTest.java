package io.forebay.nfs.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.Payload;
import io.forebay.testkit.Seeds;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColdRangesTest {
  private static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(true);
  private static final int LENGTH = 600_000;

  @TempDir Path directory;

  private FileChannel file(int length) throws IOException {
    Path path = directory.resolve("block");
    Files.write(path, Seeds.bytesOf(1, length));
    return FileChannel.open(path, StandardOpenOption.READ);
  }

  @Test
  void aRangeAnywhereInAFileIsBroughtIn() throws IOException {
    try (FileChannel file = file(LENGTH)) {
      ColdRanges.bringIn(new Payload.FileRange(file, 0, LENGTH), ALLOCATOR);
      ColdRanges.bringIn(new Payload.FileRange(file, 5_001, LENGTH - 5_001), ALLOCATOR);
      ColdRanges.readThrough(new Payload.FileRange(file, 5_001, LENGTH - 5_001), ALLOCATOR);
      assertThat(file.position()).as("other readers are not disturbed").isZero();
      assertThat(file.isOpen()).isTrue();
    }
    assertThat(ALLOCATOR.metric().usedDirectMemory()).isZero();
  }

  @Test
  void aFileThatIsShorterThanItsRangeIsSaid() throws IOException {
    try (FileChannel file = file(LENGTH)) {
      assertThatThrownBy(() ->
              ColdRanges.readThrough(new Payload.FileRange(file, LENGTH - 10, 100_000), ALLOCATOR))
          .isInstanceOfSatisfying(
              EngineException.class, it -> assertThat(it.code()).isEqualTo(ErrorCode.IO));
    }
    assertThat(ALLOCATOR.metric().usedDirectMemory()).isZero();
  }
}
