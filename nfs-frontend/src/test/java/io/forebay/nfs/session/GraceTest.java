package io.forebay.nfs.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.EngineException;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.session.Host.Member;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 8.4.2, 8.4.3 and 18.51: what a restart does to clients. */
class GraceTest {
  private static final Duration LONGER = Host.GRACE.plusSeconds(1);

  private final Host host = new Host();

  /** A client that held something when the server went down. */
  private void heldBefore(String... owners) {
    for (String owner : owners) {
      assertThat(host.join(owner, 1).open(owner.charAt(0))).isEqualTo(NfsStatus.OK);
    }
    host.restart();
  }

  private void passed(Duration time) {
    host.clock.advance(time);
    host.sessions.tick();
  }

  @Test
  void thereIsNoGraceWhenNobodyHeldAnything() {
    assertThat(host.sessions.inGrace()).isFalse();
    host.join("ann", 1);
    host.restart();

    assertThat(host.sessions.inGrace()).as("mounted, nothing open").isFalse();
    assertThat(host.join("ann", 1).open(5)).isEqualTo(NfsStatus.OK);
    host.sessions.tick();
    host.sessions.tick();
    assertThat(host.graceEnds).as("said once").hasValue(1);
  }

  @Test
  void aSessionOfBeforeIsNotKnown() {
    Member ann = host.join("ann", 1);
    host.restart();
    assertThat(ann.ping()).isEqualTo(NfsStatus.BADSESSION);
    assertThat(host.create(ann.clientId, 2, 0).status()).isEqualTo(NfsStatus.STALE_CLIENTID);
  }

  @Test
  void whoHeldSomethingReclaimsAndNobodyElseGetsAnything() {
    heldBefore("ann", "bob");
    assertThat(host.sessions.inGrace()).isTrue();
    Member ann = host.connect("ann", 1);
    Member eve = host.join("eve", 1);

    assertThat(ann.reclaim(5)).isEqualTo(NfsStatus.OK);
    assertThat(ann.open(6)).as("before its RECLAIM_COMPLETE").isEqualTo(NfsStatus.GRACE);
    assertThat(eve.open(6)).isEqualTo(NfsStatus.GRACE);
    assertThat(host.connect("mal", 1).reclaim(7))
        .as("it held nothing")
        .isEqualTo(NfsStatus.RECLAIM_BAD);
  }

  @Test
  void graceEndsWithTheLastReclaimComplete() {
    heldBefore("ann", "bob");
    Member ann = host.connect("ann", 1);
    Member bob = host.connect("bob", 1);

    assertThat(ann.reclaimComplete()).isEqualTo(NfsStatus.OK);
    assertThat(host.sessions.inGrace()).isTrue();
    assertThat(ann.open(6)).isEqualTo(NfsStatus.GRACE);
    assertThat(bob.reclaimComplete()).isEqualTo(NfsStatus.OK);
    assertThat(host.sessions.inGrace()).isFalse();
    assertThat(ann.open(6)).isEqualTo(NfsStatus.OK);
    assertThat(bob.reclaim(6)).isEqualTo(NfsStatus.NO_GRACE);

    assertThat(host.graceEnds).hasValue(0);
    host.sessions.tick();
    assertThat(host.graceEnds).hasValue(1);
  }

  @Test
  void reclaimCompleteIsSaidOnceAndEndsReclaiming() {
    heldBefore("ann", "bob");
    Member ann = host.connect("ann", 1);
    assertThat(ann.reclaimComplete()).isEqualTo(NfsStatus.OK);
    assertThat(ann.reclaimComplete()).isEqualTo(NfsStatus.COMPLETE_ALREADY);
    assertThat(ann.reclaim(5)).isEqualTo(NfsStatus.NO_GRACE);
  }

  @Test
  void nothingNewBeforeReclaimCompleteEvenWithoutGrace() {
    Member ann = host.connect("ann", 1);
    assertThat(ann.open(5)).isEqualTo(NfsStatus.GRACE);
    assertThat(ann.reclaim(5)).isEqualTo(NfsStatus.NO_GRACE);
    assertThat(ann.reclaimComplete()).isEqualTo(NfsStatus.OK);
    assertThat(ann.open(5)).isEqualTo(NfsStatus.OK);
  }

  @Test
  void graceEndsByTimeAndTheLateMayNotReclaimAfterIt() {
    heldBefore("ann", "bob");
    Member ann = host.connect("ann", 1);
    passed(Host.GRACE.minusSeconds(1));
    assertThat(Host.GRACE).as("longer than the lease").isGreaterThan(Host.LEASE);
    assertThat(ann.reclaim(5)).isEqualTo(NfsStatus.OK);
    assertThat(ann.reclaimComplete()).isEqualTo(NfsStatus.OK);
    passed(Duration.ofSeconds(2));

    assertThat(host.sessions.inGrace()).isFalse();
    assertThat(host.graceEnds).hasValue(1);
    assertThat(host.connect("bob", 1).reclaim(7)).isEqualTo(NfsStatus.NO_GRACE);
    assertThat(host.records.size(Host.CLIENTS)).as("ann's").isEqualTo(1);
  }

  /** Section 8.4.3: between two restarts somebody else may have held what bob held. */
  @Test
  void aClientThatMissedOneGracePeriodHasNoPartInTheNext() {
    heldBefore("ann", "bob");
    Member ann = host.connect("ann", 1);
    assertThat(ann.reclaim(5)).isEqualTo(NfsStatus.OK);
    assertThat(ann.reclaimComplete()).isEqualTo(NfsStatus.OK);
    passed(LONGER);
    host.restart();

    assertThat(host.sessions.inGrace()).as("for ann").isTrue();
    assertThat(host.connect("bob", 1).reclaim(7)).isEqualTo(NfsStatus.RECLAIM_BAD);
    assertThat(host.connect("ann", 1).reclaim(7)).isEqualTo(NfsStatus.OK);
  }

  @Test
  void aRestartWithinGraceKeepsEverybodysRight() {
    heldBefore("ann", "bob");
    assertThat(host.connect("ann", 1).reclaimComplete()).isEqualTo(NfsStatus.OK);
    host.restart();
    Member ann = host.connect("ann", 1);
    Member bob = host.connect("bob", 1);
    assertThat(ann.reclaim(5)).isEqualTo(NfsStatus.OK);
    assertThat(bob.reclaim(6)).isEqualTo(NfsStatus.OK);
  }

  /** Section 18.35.4, case 5, over a restart of both sides. */
  @Test
  void aClientThatRestartedTooHasLostItsStateAndIsNotWaitedFor() {
    heldBefore("ann");
    Member ann = host.connect("ann", 2);
    assertThat(host.sessions.inGrace()).isFalse();
    assertThat(ann.reclaim(5)).isEqualTo(NfsStatus.NO_GRACE);
    assertThat(ann.reclaimComplete()).isEqualTo(NfsStatus.OK);
    assertThat(ann.open(5)).isEqualTo(NfsStatus.OK);
    assertThat(host.records.size(Host.CLIENTS)).isEqualTo(1);
  }

  @Test
  void aClientThatLeavesInGraceIsNotWaitedFor() {
    heldBefore("ann");
    Member ann = host.connect("ann", 1);
    assertThat(ann.destroy()).isEqualTo(NfsStatus.OK);
    assertThat(host.sessions.inGrace()).isFalse();
    assertThat(host.records.size(Host.CLIENTS)).isZero();
  }

  @Test
  void anIntroductionWithoutASessionChangesNothing() {
    heldBefore("ann");
    long unused = host.introduce("ann", 2).clientId();
    long also = host.introduce("ann", 1).clientId();
    assertThat(host.destroyClient(also)).isEqualTo(NfsStatus.OK);
    assertThat(unused).isNotEqualTo(also);
    assertThat(host.connect("ann", 1).reclaim(7)).isEqualTo(NfsStatus.OK);
  }

  @Test
  void graceDoesNotEndUnderAReclaim() {
    heldBefore("ann");
    Member ann = host.connect("ann", 1);
    Member eve = host.join("eve", 1);
    try (SlotLease lease = ann.lease();
        ReclaimPermit permit = host.sessions.reclaim(lease)) {
      assertThat(permit).isNotNull();
      passed(LONGER);
      assertThat(host.sessions.inGrace()).isTrue();
      assertThat(eve.open(5)).isEqualTo(NfsStatus.GRACE);
    }
    host.sessions.tick();
    assertThat(host.sessions.inGrace()).isFalse();
    assertThat(eve.open(5)).isEqualTo(NfsStatus.OK);
  }

  @Test
  void graceDoesNotEndWhileTheRecordsOfTheLateCannotBeRemoved() {
    heldBefore("ann");
    host.records.breakDown(true);
    host.clock.advance(LONGER);
    assertThatThrownBy(() -> host.sessions.tick()).isInstanceOf(EngineException.class);
    assertThat(host.sessions.inGrace()).isTrue();
    assertThat(host.graceEnds).hasValue(0);

    host.records.breakDown(false);
    host.sessions.tick();
    assertThat(host.sessions.inGrace()).isFalse();
    assertThat(host.graceEnds).hasValue(1);
  }

  @Test
  void aRecordThatCannotBeReadDelaysNobodyForEver() {
    host.records.put(Host.CLIENTS, "old", "rubbish".getBytes(StandardCharsets.UTF_8));
    host.restart();
    assertThat(host.sessions.inGrace()).isTrue();
    passed(LONGER);
    assertThat(host.sessions.inGrace()).isFalse();
    assertThat(host.records.size(Host.CLIENTS)).isZero();
  }

  @Test
  void thousandsOfClientsAreRemembered() {
    for (int i = 0; i < 2500; i++) {
      host.records.put(Host.CLIENTS, "%016x".formatted(i), new byte[4]);
    }
    host.restart();
    passed(LONGER);
    assertThat(host.records.size(Host.CLIENTS)).isZero();
  }
}
