package io.forebay.nfs.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsOp.LockType;
import io.forebay.nfs.op.NfsOp.Locker;
import io.forebay.nfs.op.NfsOp.OpenClaim;
import io.forebay.nfs.op.NfsOp.OpenHow;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.xdr.Opaque;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** RFC 8881 section 8.4.2: a server that restarted lets clients have back what they held. */
class GraceTest {
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final Opaque LOCKER = Opaque.of("locker");

  @TempDir Path directory;
  private TestServer server;
  private TestClient holder;
  private Opaque file = Opaque.EMPTY;

  @BeforeEach
  void holdAFileOpenAndRestart() {
    server = new TestServer(directory, LONG, TestServer.open("/"));
    holder = server.clientNamed("holder").ready();
    NfsResult.GetFh handle =
        holder.last(
            NfsResult.GetFh.class,
            Ops.at("", Ops.create("f"), Ops.write(StateId.CURRENT, 0, "kept"), Ops.GETFH));
    file = handle.handle();
    server.restart();
    holder = server.clientNamed("holder");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static NfsOp reclaim(int access, int deny) {
    return new NfsOp.Open(
        access, deny, Opaque.of("owner"), new OpenHow.NoCreate(), new OpenClaim.Previous(0));
  }

  private static NfsOp lock(boolean reclaim, StateId open) {
    return new NfsOp.Lock(LockType.WRITE, reclaim, 0, 10, new Locker.FromOpen(open, LOCKER));
  }

  private StateId reclaimed() {
    return holder.last(NfsResult.Open.class, Ops.putFh(file), reclaim(Ops.BOTH, 0)).stateId();
  }

  @Test
  void whatWasHeldIsReclaimed() {
    StateId open = reclaimed();

    assertThat(holder.status(Ops.putFh(file), Ops.read(open, 0, 4))).isEqualTo(NfsStatus.OK);
    assertThat(holder.status(Ops.putFh(file), lock(true, open))).isEqualTo(NfsStatus.OK);
    assertThat(holder.status(new NfsOp.ReclaimComplete(false))).isEqualTo(NfsStatus.OK);
    assertThat(holder.status(Ops.putFh(file), reclaim(Ops.READ, 0))).isEqualTo(NfsStatus.NO_GRACE);
  }

  @Test
  void nothingNewIsGivenMeanwhile() {
    TestClient other = server.client().ready();
    StateId open = reclaimed();

    assertThat(other.status(Ops.at("", Ops.open("f", Ops.READ)))).isEqualTo(NfsStatus.GRACE);
    assertThat(other.status(Ops.at("", Ops.create("g")))).isEqualTo(NfsStatus.GRACE);
    assertThat(other.status(Ops.at("f", Ops.openCurrent(Ops.READ)))).isEqualTo(NfsStatus.GRACE);
    assertThat(holder.status(Ops.putFh(file), lock(false, open))).isEqualTo(NfsStatus.GRACE);
    assertThat(other.status(Ops.at("f", test()))).isEqualTo(NfsStatus.GRACE);
    assertThat(other.status(Ops.at("f", Ops.read(StateId.ANONYMOUS, 0, 1))))
        .isEqualTo(NfsStatus.GRACE);
    assertThat(other.status(Ops.at("f", Ops.write(StateId.ANONYMOUS, 0, "x"))))
        .isEqualTo(NfsStatus.GRACE);
    assertThat(other.status(Ops.at("f", Ops.setAttr(Ops.size(0))))).isEqualTo(NfsStatus.GRACE);
    assertThat(other.status(Ops.at("", Ops.remove("f")))).isEqualTo(NfsStatus.GRACE);
    assertThat(other.status(Ops.at("", Ops.SAVEFH, Ops.rename("f", "g"))))
        .isEqualTo(NfsStatus.GRACE);
  }

  private static NfsOp test() {
    return new NfsOp.LockTest(LockType.READ, 0, 1, Opaque.of("x"));
  }

  @Test
  void whatConflictsWithNothingHeldGoesOn() {
    TestClient other = server.client();

    assertThat(other.status(Ops.at("", Ops.makeDirectory("d")))).isEqualTo(NfsStatus.OK);
    assertThat(other.status(Ops.at("f", Ops.setAttr(Ops.mode(0600))))).isEqualTo(NfsStatus.OK);
    assertThat(other.status(Ops.at("f", Ops.commit()))).isEqualTo(NfsStatus.OK);
  }

  @Test
  void graceEndsWithTheLastClientThatReclaims() {
    TestClient other = server.client().ready();
    holder.ready();

    assertThat(other.status(Ops.at("", Ops.open("f", Ops.READ)))).isEqualTo(NfsStatus.OK);
    assertThat(holder.status(Ops.putFh(file), reclaim(Ops.READ, 0))).isEqualTo(NfsStatus.NO_GRACE);
  }

  @Test
  void whoHeldNothingReclaimsNothing() {
    assertThat(server.client().status(Ops.putFh(file), reclaim(Ops.READ, 0)))
        .isEqualTo(NfsStatus.RECLAIM_BAD);
  }

  @Test
  void noDelegationIsReclaimed() {
    NfsOp withDelegation =
        new NfsOp.Open(
            Ops.READ, 0, Opaque.of("owner"), new OpenHow.NoCreate(), new OpenClaim.Previous(1));

    assertThat(holder.status(Ops.putFh(file), withDelegation)).isEqualTo(NfsStatus.RECLAIM_BAD);
  }

  /** Section 18.51.3. */
  @Test
  void whoHasNotSaidThatItReclaimedAllGetsNothingNew() {
    holder.ready();
    TestClient silent = server.client();

    assertThat(silent.status(Ops.at("", Ops.open("f", Ops.READ)))).isEqualTo(NfsStatus.GRACE);
    silent.ready();
    assertThat(silent.status(Ops.at("", Ops.open("f", Ops.READ)))).isEqualTo(NfsStatus.OK);
    assertThat(silent.status(new NfsOp.ReclaimComplete(false)))
        .isEqualTo(NfsStatus.COMPLETE_ALREADY);
  }

  /** Section 8.4.2.1 and OPEN4_RESULT_PRESERVE_UNLINKED. */
  @Test
  void anUnlinkedFileIsReclaimedByItsHandle() {
    StateId open = reclaimed();
    holder.ready();
    holder.run(Ops.at("", Ops.remove("f")));
    server.restart();
    holder = server.clientNamed("holder");
    StateId again = reclaimed();
    holder.ready();
    server.sessions().tick();

    assertThat(open).isNotEqualTo(again);
    try (CompoundReply reply = holder.compound(Ops.putFh(file), Ops.read(again, 0, 10))) {
      assertThat(((NfsResult.Read) reply.results().getLast()).payload().toBytes())
          .isEqualTo(new byte[] {'k', 'e', 'p', 't'});
    }
    holder.run(Ops.putFh(file), Ops.close(again));
    assertThat(holder.status(Ops.putFh(file))).isEqualTo(NfsStatus.STALE);
  }
}
