package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.StableHow;
import io.forebay.nfs.op.StateId;
import io.forebay.testkit.Seeds;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 18.3, 18.22 and 18.32: COMMIT, READ, WRITE. */
class DataTest extends ServerTest {
  private StateId created(String name) {
    return opened(Ops.create(name));
  }

  private byte[] bytes(String path, StateId stateId, long offset, int count) {
    try (CompoundReply reply = client.compound(Ops.at(path, Ops.read(stateId, offset, count)))) {
      return ((NfsResult.Read) reply.results().getLast()).payload().toBytes();
    }
  }

  @Test
  void whatIsWrittenIsRead() {
    StateId open = created("a");
    byte[] data = Seeds.bytesOf(1, 1 << 20);

    NfsResult.Write written =
        client.last(
            NfsResult.Write.class, Ops.at("a", Ops.write(open, 5, StableHow.UNSTABLE, data)));

    assertThat(written.count()).isEqualTo(data.length);
    assertThat(written.committed()).isEqualTo(StableHow.UNSTABLE);
    assertThat(bytes("a", open, 5, data.length)).isEqualTo(data);
    assertThat(bytes("a", open, 0, 5)).isEqualTo(new byte[5]);
  }

  @Test
  void theEndOfTheFileIsSaidWithItsLastByteAndBeyond() {
    StateId open = created("a");
    client.run(Ops.at("a", Ops.write(open, 0, "0123456789")));

    assertThat(read("a", open, 0, 9).endOfFile()).isFalse();
    assertThat(read("a", open, 0, 10).endOfFile()).isTrue();
    assertThat(read("a", open, 10, 10).endOfFile()).isTrue();
    assertThat(read("a", open, 1L << 62, 10).endOfFile()).isTrue();
    assertThat(read("a", open, -1, 10).endOfFile()).isTrue();
    assertThat(read("a", open, 0, 0).endOfFile()).isFalse();
  }

  private NfsResult.Read read(String path, StateId stateId, long offset, int count) {
    return client.last(NfsResult.Read.class, Ops.at(path, Ops.read(stateId, offset, count)));
  }

  @Test
  void aReadIsBoundedByTheLongestTransfer() {
    StateId open = created("a");
    client.run(Ops.at("a", Ops.setAttr(open, Ops.size(3 << 20))));

    assertThat(read("a", open, 0, Integer.MAX_VALUE).payload().length()).isEqualTo(1 << 20);
  }

  @Test
  void stableWritesAreCommittedAndTheVerifierIsTheSameUntilARestart() {
    StateId open = created("a");
    NfsResult.Write first =
        client.last(NfsResult.Write.class, Ops.at("a", Ops.write(open, 0, "x")));
    NfsResult.Commit commit = client.last(NfsResult.Commit.class, Ops.at("a", Ops.commit()));

    assertThat(first.committed()).isEqualTo(StableHow.FILE_SYNC);
    assertThat(commit.verifier()).isEqualTo(first.verifier());

    restart();
    assertThat(client.last(NfsResult.Commit.class, Ops.at("a", Ops.commit())).verifier())
        .isNotEqualTo(first.verifier());
    assertThat(bytes("a", StateId.ANONYMOUS, 0, 10)).isEqualTo(new byte[] {'x'});
  }

  @Test
  void committedBytesSurviveARestartAndUncommittedOnesVanishWhole() {
    StateId open = created("a");
    byte[] kept = "kept".getBytes(StandardCharsets.UTF_8);
    client.run(Ops.at("a", Ops.write(open, 0, StableHow.UNSTABLE, kept), Ops.commit()));

    restart();

    assertThat(bytes("a", StateId.ANONYMOUS, 0, 100)).isEqualTo(kept);
  }

  /** Section 8.2.3. */
  @Test
  void specialStateidsReadAndWriteWithoutAnOpen() {
    StateId open = created("a");
    client.run(Ops.at("a", Ops.close(open)));

    assertThat(at("a", Ops.write(StateId.ANONYMOUS, 0, "x"))).isEqualTo(NfsStatus.OK);
    assertThat(bytes("a", StateId.READ_BYPASS, 0, 9)).isEqualTo(new byte[] {'x'});
    assertThat(at("a", Ops.read(StateId.INVALID, 0, 1))).isEqualTo(NfsStatus.BAD_STATEID);
    assertThat(at("a", Ops.read(new StateId(3, -1, -1), 0, 1))).isEqualTo(NfsStatus.BAD_STATEID);
  }

  @Test
  void specialStateidsAreLockedOutByDenyingOpens() {
    client.run(Ops.at("", Ops.create("a")));
    client.run(Ops.at("", Ops.open("a", Ops.READ, Ops.BOTH, "owner")));

    assertThat(at("a", Ops.read(StateId.ANONYMOUS, 0, 1))).isEqualTo(NfsStatus.LOCKED);
    assertThat(at("a", Ops.write(StateId.ANONYMOUS, 0, "x"))).isEqualTo(NfsStatus.LOCKED);
    assertThat(at("a", Ops.read(StateId.READ_BYPASS, 0, 1))).isEqualTo(NfsStatus.OK);
    assertThat(at("a", Ops.write(StateId.READ_BYPASS, 0, "x"))).isEqualTo(NfsStatus.LOCKED);
  }

  @Test
  void anOpenAllowsNoMoreThanItWasFor() {
    client.run(Ops.at("", Ops.create("a")));
    StateId reading =
        client
            .last(NfsResult.Open.class, Ops.at("", Ops.open("a", Ops.READ, 0, "reader")))
            .stateId();
    StateId writing =
        client
            .last(NfsResult.Open.class, Ops.at("", Ops.open("a", Ops.WRITE, 0, "writer")))
            .stateId();

    assertThat(at("a", Ops.write(reading, 0, "x"))).isEqualTo(NfsStatus.OPENMODE);
    assertThat(at("a", Ops.read(writing, 0, 1))).isEqualTo(NfsStatus.OPENMODE);
    assertThat(at("a", Ops.setAttr(reading, Ops.size(0)))).isEqualTo(NfsStatus.OPENMODE);
  }

  @Test
  void aStateidOfAnotherFileIsBad() {
    StateId open = created("a");
    created("b");

    assertThat(at("b", Ops.read(open, 0, 1))).isEqualTo(NfsStatus.BAD_STATEID);
  }

  @Test
  void whatIsNoRegularFileSaysWhatItIs() {
    StateId open = created("a");
    client.run(Ops.at("", Ops.makeDirectory("d")));
    client.run(Ops.at("", Ops.makeSymlink("l", "a")));

    for (StateId stateId : new StateId[] {open, StateId.ANONYMOUS}) {
      assertThat(at("d", Ops.read(stateId, 0, 1))).isEqualTo(NfsStatus.ISDIR);
      assertThat(at("d", Ops.write(stateId, 0, "x"))).isEqualTo(NfsStatus.ISDIR);
      assertThat(at("l", Ops.read(stateId, 0, 1))).isEqualTo(NfsStatus.SYMLINK);
    }
    assertThat(at("d", Ops.commit())).isEqualTo(NfsStatus.ISDIR);
    assertThat(at("l", Ops.commit())).isEqualTo(NfsStatus.SYMLINK);
  }

  @Test
  void noFileBecomesLongerThanTheLongest() {
    StateId open = created("a");

    assertThat(at("a", Ops.write(open, 1L << 57, "x"))).isEqualTo(NfsStatus.FBIG);
    assertThat(at("a", Ops.write(open, -1, "x"))).isEqualTo(NfsStatus.FBIG);
    assertThat(at("a", Ops.setAttr(open, Ops.size((1L << 57) + 1)))).isEqualTo(NfsStatus.FBIG);
  }

  @Test
  void aCommitBeyondTheLastOffsetIsInvalid() {
    created("a");

    assertThat(at("a", new NfsOp.Commit(-1, 2))).isEqualTo(NfsStatus.INVAL);
  }

  @Test
  void anUnlinkedFileThatIsOpenStaysReadable() {
    StateId open = created("a");
    NfsResult.GetFh handle =
        client.last(
            NfsResult.GetFh.class, Ops.at("a", Ops.write(open, 0, "still here"), Ops.GETFH));
    client.run(Ops.at("", Ops.remove("a")));

    try (CompoundReply reply =
        client.compound(Ops.putFh(handle.handle()), Ops.read(open, 0, 100))) {
      NfsResult.Read read = (NfsResult.Read) reply.results().getLast();
      assertThat(new String(read.payload().toBytes(), StandardCharsets.UTF_8))
          .isEqualTo("still here");
    }
    assertThat(client.status(Ops.putFh(handle.handle()), Ops.close(open))).isEqualTo(NfsStatus.OK);
    assertThat(client.status(Ops.putFh(handle.handle()))).isEqualTo(NfsStatus.STALE);
  }
}
