package io.forebay.nfs.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nfs.op.ChannelAttributes;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.SessionId;
import io.forebay.nfs.session.SequenceOutcome.Granted;
import io.forebay.nfs.session.SequenceOutcome.Refused;
import io.forebay.nfs.session.SequenceOutcome.Replay;
import io.forebay.nfs.session.SequenceOutcome.Unkept;
import io.forebay.testkit.Seeds;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 2.10.6.1 and 18.46: exactly once, by slot and sequence. */
class SlotTest {
  private static final RequestShape SHAPE = new RequestShape(200, 2, 77);
  private static final byte[] REPLY = {1, 2, 3, 4};

  private final Host host = new Host();
  private final SessionId session = host.connect("ann", 1).session;

  private static SequenceOutcome refused(NfsStatus status) {
    return new Refused(status);
  }

  private SlotLease grant(int slot, int sequence) {
    return ((Granted) host.sequence(session, slot, sequence)).lease();
  }

  private void run(int slot, int sequence, byte[] reply) {
    try (SlotLease lease = grant(slot, sequence)) {
      lease.complete(reply.length, reply::clone);
    }
  }

  private void assertReplays(int slot, int sequence, byte[] reply) {
    assertThat(host.sequence(session, slot, sequence))
        .isInstanceOfSatisfying(Replay.class, it -> assertThat(it.reply()).isEqualTo(reply));
  }

  @Test
  void aSlotBeginsWithOneAndCounts() {
    assertThat(host.sequence(session, 0, 0)).isEqualTo(refused(NfsStatus.SEQ_MISORDERED));
    assertThat(host.sequence(session, 0, 2)).isEqualTo(refused(NfsStatus.SEQ_MISORDERED));
    run(0, 1, REPLY);
    run(0, 2, REPLY);
    assertThat(host.sequence(session, 0, 4)).isEqualTo(refused(NfsStatus.SEQ_MISORDERED));
    assertThat(host.sequence(session, 0, 1)).isEqualTo(refused(NfsStatus.SEQ_MISORDERED));
  }

  @Test
  void theResultSaysWhichSlotsThereAre() {
    Granted granted = (Granted) host.sequence(session, 3, 1);
    assertThat(granted.result()).isEqualTo(new NfsResult.Sequence(session, 1, 3, 15, 15, 0));
    granted.lease().close();
  }

  @Test
  void aRetryGetsTheReplyAndRunsNothing() {
    run(0, 1, REPLY);
    assertReplays(0, 1, REPLY);
    assertReplays(0, 1, REPLY);
    run(0, 2, new byte[] {9});
    assertReplays(0, 2, new byte[] {9});
  }

  @Test
  void aRetryOverAnotherConnectionGetsTheReplyToo() {
    run(0, 1, REPLY);
    assertThat(
            host.sessions.sequence(
                new NfsOp.Sequence(session, 1, 0, 0, true), Host.origin(17, 0), SHAPE))
        .isInstanceOf(Replay.class);
  }

  @Test
  void aRetryOfARequestThatStillRunsHasToWait() {
    SlotLease running = grant(0, 1);
    assertThat(host.sequence(session, 0, 1)).isEqualTo(refused(NfsStatus.DELAY));
    assertThat(host.sequence(session, 0, 2)).isEqualTo(refused(NfsStatus.SEQ_MISORDERED));
    running.complete(REPLY.length, REPLY::clone);
    assertReplays(0, 1, REPLY);
  }

  @Test
  void anotherRequestThatPretendsToBeARetryIsFound() {
    run(0, 1, REPLY);
    assertThat(host.sequence(session, 0, 1, true, new RequestShape(200, 2, 78)))
        .isEqualTo(refused(NfsStatus.SEQ_FALSE_RETRY));
    assertThat(
            host.sessions.sequence(
                new NfsOp.Sequence(session, 1, 0, 0, true), Host.origin(1, 1000), SHAPE))
        .as("another principal may not see the reply")
        .isEqualTo(refused(NfsStatus.SEQ_FALSE_RETRY));
    assertReplays(0, 1, REPLY);
  }

  @Test
  void aLongReplyIsKeptOnlyWhenTheClientAsks() {
    byte[] reply = new byte[1000];
    try (SlotLease lease = ((Granted) host.sequence(session, 0, 1, false, SHAPE)).lease()) {
      lease.complete(reply.length, reply::clone);
    }
    assertThat(host.sequence(session, 0, 1, false, SHAPE))
        .isEqualTo(new Unkept(new NfsResult.Sequence(session, 1, 0, 15, 15, 0)));

    try (SlotLease lease = ((Granted) host.sequence(session, 0, 2, true, SHAPE)).lease()) {
      lease.complete(reply.length, reply::clone);
    }
    assertThat(host.sequence(session, 0, 2, true, SHAPE)).isInstanceOf(Replay.class);
  }

  @Test
  void aShortReplyIsKeptAnyway() {
    try (SlotLease lease = ((Granted) host.sequence(session, 0, 1, false, SHAPE)).lease()) {
      lease.complete(REPLY.length, REPLY::clone);
    }
    assertThat(host.sequence(session, 0, 1, false, SHAPE)).isInstanceOf(Replay.class);
  }

  @Test
  void aRequestWithoutAReplyIsNotRunAgain() {
    grant(0, 1).close();
    assertThat(host.sequence(session, 0, 1)).isInstanceOf(Unkept.class);
    run(0, 2, REPLY);
  }

  @Test
  void aLeaseEndsOnce() {
    SlotLease lease = grant(0, 1);
    lease.complete(REPLY.length, REPLY::clone);
    lease.complete(1, () -> new byte[1]);
    lease.close();
    assertReplays(0, 1, REPLY);
  }

  @Test
  void theReplysBoundsAreTheSessions() {
    ChannelAttributes small = new ChannelAttributes(0, 1000, 2000, 300, 4, 2);
    long bob = host.introduce("bob", 1).clientId();
    SessionId modest =
        ((NfsResult.CreateSession) host.create(bob, 1, 0, small, Host.ROOT)).session();

    try (SlotLease kept = ((Granted) host.sequence(modest, 0, 1, true, SHAPE)).lease()) {
      assertThat(kept.maxReplyBytes()).as("less the RPC header").isEqualTo(300 - 24);
      assertThat(kept.tooLong()).isEqualTo(NfsStatus.REP_TOO_BIG_TO_CACHE);
    }
    try (SlotLease free = ((Granted) host.sequence(modest, 0, 2, false, SHAPE)).lease()) {
      assertThat(free.maxReplyBytes()).isEqualTo(2000 - 24);
      assertThat(free.tooLong()).isEqualTo(NfsStatus.REP_TOO_BIG);
    }
    assertThat(host.sequence(modest, 0, 3, true, new RequestShape(1001, 2, 77)))
        .isEqualTo(refused(NfsStatus.REQ_TOO_BIG));
    assertThat(host.sequence(modest, 0, 3, true, new RequestShape(1000, 5, 77)))
        .isEqualTo(refused(NfsStatus.TOO_MANY_OPS));
    assertThat(host.sequence(modest, 2, 1)).isEqualTo(refused(NfsStatus.BADSLOT));
    assertThat(host.sequence(modest, -1, 1)).isEqualTo(refused(NfsStatus.BADSLOT));
    assertThat(host.sessions.sequence(new NfsOp.Sequence(modest, 3, 0, 2, true), Host.ROOT, SHAPE))
        .isEqualTo(refused(NfsStatus.BAD_HIGH_SLOT));
    assertThat(host.sequence(modest, 0, 3)).as("nothing was used up").isInstanceOf(Granted.class);
  }

  @Test
  void aReplyCacheThatHoldsNotEvenSequenceCannotBeAskedFor() {
    ChannelAttributes none = new ChannelAttributes(0, 1000, 2000, 0, 4, 2);
    long bob = host.introduce("bob", 1).clientId();
    SessionId cacheless =
        ((NfsResult.CreateSession) host.create(bob, 1, 0, none, Host.ROOT)).session();
    assertThat(host.sequence(cacheless, 0, 1)).isEqualTo(refused(NfsStatus.REP_TOO_BIG_TO_CACHE));
    assertThat(host.sequence(cacheless, 0, 1, false, SHAPE)).isInstanceOf(Granted.class);
  }

  @Test
  void sequencesWrapAround() {
    Slot slot = new Slot();
    slot.begin(new NfsResult.Sequence(session, -1, 0, 0, 0, 0), new Principal(true, 0), 77);

    assertThat(slot.age(0)).as("2^32-1 is followed by 0").isEqualTo(1);
    assertThat(slot.age(-1)).isZero();
    assertThat(slot.age(1)).isEqualTo(2);
  }

  /** Whatever a client sends in whatever order, each sequence runs at most once. */
  @Test
  void everySequenceRunsAtMostOnce() {
    Random random = Seeds.random("SlotTest.everySequenceRunsAtMostOnce");
    int[] newest = new int[Host.LIMITS.maxSlots()];
    Map<Integer, SlotLease> running = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      int slot = random.nextInt(newest.length);
      SlotLease open = running.get(slot);
      if (open != null && random.nextBoolean()) {
        byte[] reply = {(byte) slot, (byte) newest[slot]};
        open.complete(reply.length, reply::clone);
        running.remove(slot);
        continue;
      }
      int sequence = newest[slot] + random.nextInt(-1, 3);
      switch (host.sequence(session, slot, sequence)) {
        case Granted granted -> {
          assertThat(open).as("one at a time").isNull();
          assertThat(sequence).isEqualTo(newest[slot] + 1);
          newest[slot] = sequence;
          running.put(slot, granted.lease());
        }
        case Replay replay -> {
          assertThat(sequence).isEqualTo(newest[slot]);
          assertThat(replay.reply()).containsExactly(slot, (byte) newest[slot]);
        }
        case Refused refused -> {
          NfsStatus expected =
              open != null && sequence == newest[slot] ? NfsStatus.DELAY : NfsStatus.SEQ_MISORDERED;
          assertThat(refused.status()).isEqualTo(expected);
          boolean due = open == null && sequence == newest[slot] + 1;
          assertThat(due).as("what is due is run").isFalse();
        }
        case Unkept unkept -> throw new AssertionError("every reply was kept");
      }
    }
  }
}
