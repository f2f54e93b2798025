package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.ErrorCode;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 15.2 and 15.4: which operation may answer what. */
class StatusMappingTest {
  @Test
  void whatMaySucceedLaterIsWorthADelay() {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.isTransient() && code != ErrorCode.IO) {
        assertThat(StatusMapping.of(OpCode.READ, code)).as(code.name()).isEqualTo(NfsStatus.DELAY);
      }
    }
  }

  @Test
  void lostBytesAndALostVolumeAreErrorsAndNoDelay() {
    assertThat(StatusMapping.of(OpCode.READ, ErrorCode.CORRUPT)).isEqualTo(NfsStatus.IO);
    assertThat(StatusMapping.of(OpCode.WRITE, ErrorCode.FENCED)).isEqualTo(NfsStatus.IO);
  }

  @Test
  void onlyThreeOperationsMaySayPerm() {
    Set<OpCode> saying = EnumSet.noneOf(OpCode.class);
    for (OpCode op : OpCode.values()) {
      if (StatusMapping.of(op, ErrorCode.NOT_PERMITTED) == NfsStatus.PERM) {
        saying.add(op);
      } else {
        assertThat(StatusMapping.of(op, ErrorCode.NOT_PERMITTED)).isEqualTo(NfsStatus.ACCESS);
      }
    }
    assertThat(saying).containsExactlyInAnyOrder(OpCode.CREATE, OpCode.OPEN, OpCode.SETATTR);
  }

  @Test
  void aSymbolicLinkInTheWayIsNoDirectoryWhereSymlinkMayNotBeSaid() {
    assertThat(StatusMapping.of(OpCode.LOOKUP, ErrorCode.IS_SYMLINK)).isEqualTo(NfsStatus.SYMLINK);
    assertThat(StatusMapping.of(OpCode.READDIR, ErrorCode.IS_SYMLINK)).isEqualTo(NfsStatus.NOTDIR);
    assertThat(StatusMapping.of(OpCode.REMOVE, ErrorCode.IS_SYMLINK)).isEqualTo(NfsStatus.NOTDIR);
    assertThat(StatusMapping.of(OpCode.CREATE, ErrorCode.IS_SYMLINK)).isEqualTo(NfsStatus.NOTDIR);
  }

  /** Section 18.26.3. */
  @Test
  void aRenameOntoWhatCannotBeReplacedSaysExist() {
    assertThat(StatusMapping.of(OpCode.RENAME, ErrorCode.NOT_EMPTY)).isEqualTo(NfsStatus.EXIST);
    assertThat(StatusMapping.of(OpCode.RENAME, ErrorCode.IS_DIRECTORY)).isEqualTo(NfsStatus.EXIST);
    assertThat(StatusMapping.of(OpCode.REMOVE, ErrorCode.NOT_EMPTY)).isEqualTo(NfsStatus.NOTEMPTY);
  }

  @Test
  void noErrorOfTheEngineIsASuccess() {
    for (OpCode op : OpCode.values()) {
      for (ErrorCode code : ErrorCode.values()) {
        assertThat(StatusMapping.of(op, code)).isNotEqualTo(NfsStatus.OK);
      }
    }
  }
}
