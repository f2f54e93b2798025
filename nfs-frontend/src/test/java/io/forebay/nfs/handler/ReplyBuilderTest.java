package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.DirectoryChange;
import io.forebay.engine.Payload;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.op.ResultEncoder;
import io.forebay.nfs.op.StableHow;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrWriter;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who owns what a READ found, and how long results are. */
class ReplyBuilderTest {
  private static final DirectoryChange CHANGE = new DirectoryChange(1, 2);
  private int closed;

  private NfsResult.Read read(int length) {
    List<Payload.Part> parts =
        length == 0 ? List.of() : List.of(new Payload.Memory(ByteBuffer.allocate(length)));
    return new NfsResult.Read(true, new Payload(parts, () -> closed++));
  }

  @Test
  void aReplyKeepsItsPayloadsUntilItIsClosed() {
    ReplyBuilder builder = new ReplyBuilder(Opaque.EMPTY, 1000);
    builder.add(read(10), NfsStatus.REP_TOO_BIG);
    builder.add(read(20), NfsStatus.REP_TOO_BIG);
    builder.add(ReplyBuilder.failure(OpCode.GETFH, NfsStatus.STALE), NfsStatus.REP_TOO_BIG);
    CompoundReply reply = builder.finish();

    assertThat(closed).isZero();
    assertThat(reply.gaps()).hasSize(2);
    assertThat(reply.toBytes()).hasSize(reply.size());
    reply.close();
    reply.close();
    assertThat(closed).isEqualTo(2);
  }

  @Test
  void aPayloadThatIsEmptyOrDoesNotFitIsClosedAtOnce() {
    ReplyBuilder builder = new ReplyBuilder(Opaque.EMPTY, 1000);
    builder.add(read(0), NfsStatus.REP_TOO_BIG);
    assertThat(closed).isEqualTo(1);
    builder.add(read(2000), NfsStatus.REP_TOO_BIG);
    assertThat(closed).isEqualTo(2);

    try (CompoundReply reply = builder.finish()) {
      assertThat(reply.gaps()).isEmpty();
      assertThat(reply.results().getLast())
          .isEqualTo(new NfsResult.Failed(OpCode.READ, NfsStatus.REP_TOO_BIG));
    }
  }

  @Test
  void anAbandonedReplyLetsGoOfItsPayloads() {
    ReplyBuilder builder = new ReplyBuilder(Opaque.EMPTY, 1000);
    builder.add(read(10), NfsStatus.REP_TOO_BIG);
    builder.abandon();

    assertThat(closed).isEqualTo(1);
  }

  /** Section 2.10.6.4: room is looked for before anything is changed, so it has to suffice. */
  @Test
  void noResultOfAChangeIsLongerThanTheRoomThatIsAskedForIt() {
    AttributeBitmap most = AttributeBitmap.SUPPORTED;
    StateId stateId = new StateId(1, 2, 3);
    assertFits(Ops.create("f"), new NfsResult.Open(stateId, CHANGE, 12, most, 2));
    assertFits(Ops.makeDirectory("d"), new NfsResult.Create(CHANGE, most));
    assertFits(Ops.link("x"), new NfsResult.Changed(OpCode.LINK, CHANGE));
    assertFits(Ops.remove("x"), new NfsResult.Changed(OpCode.REMOVE, CHANGE));
    assertFits(Ops.rename("x", "y"), new NfsResult.Rename(CHANGE, CHANGE));
    assertFits(Ops.setAttr(Ops.mode(0)), new NfsResult.SetAttr(NfsStatus.OK, most));
    assertFits(Ops.write(stateId, 0, "x"), new NfsResult.Write(1, StableHow.FILE_SYNC, 7));
    assertFits(Ops.commit(), new NfsResult.Commit(7));
    assertFits(Ops.close(stateId), new NfsResult.State(OpCode.CLOSE, stateId));
    assertFits(new NfsOp.Unlock(stateId, 0, 1), new NfsResult.State(OpCode.LOCKU, stateId));
  }

  private static void assertFits(NfsOp op, NfsResult result) {
    XdrWriter out = new XdrWriter(4096);
    ResultEncoder.encode(result, out);

    assertThat(out.size()).as(op.code().name()).isLessThanOrEqualTo(ReplyBuilder.mostBytes(op));
  }
}
