package io.forebay.nfs.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.forebay.engine.EngineException;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.session.Host.Member;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 8.3 and 8.4.1: leases, and what becomes of clients that are silent. */
class LeaseTest {
  private static final Duration LONGER = Host.LEASE.plusSeconds(1);

  private final Host host = new Host();
  private final Member ann = host.join("ann", 1);
  private final Member bob = host.join("bob", 1);

  private void passed(Duration time) {
    host.clock.advance(time);
    host.sessions.tick();
  }

  @Test
  void aRequestRenewsTheLease() {
    assertThat(ann.open(5)).isEqualTo(NfsStatus.OK);
    for (int i = 0; i < 5; i++) {
      passed(Host.LEASE.minusSeconds(1));
      assertThat(ann.ping()).isEqualTo(NfsStatus.OK);
      assertThat(bob.ping()).isEqualTo(NfsStatus.OK);
    }
    assertThat(bob.open(5)).as("ann is there").isEqualTo(NfsStatus.SHARE_DENIED);
  }

  @Test
  void aSilentClientKeepsWhatNobodyWants() {
    assertThat(ann.open(5)).isEqualTo(NfsStatus.OK);
    passed(Duration.ofHours(23));
    assertThat(ann.ping()).isEqualTo(NfsStatus.OK);
    assertThat(host.sessions.states().openCount()).isEqualTo(1);
  }

  @Test
  void aSilentClientEndsWhenSomebodyWantsWhatItHolds() {
    assertThat(ann.open(5)).isEqualTo(NfsStatus.OK);
    host.clock.advance(LONGER);

    assertThat(bob.open(6)).as("something else").isEqualTo(NfsStatus.OK);
    assertThat(host.records.size(Host.CLIENTS)).isEqualTo(2);
    assertThat(bob.open(5)).isEqualTo(NfsStatus.OK);
    assertThat(host.records.size(Host.CLIENTS)).as("ann may not reclaim").isEqualTo(1);
    assertThat(ann.ping()).isEqualTo(NfsStatus.BADSESSION);
    assertThat(host.introduce("ann", 1).flags() & Host.CONFIRMED).isZero();
  }

  @Test
  void aSilentClientEndsAfterADay() {
    assertThat(ann.open(5)).isEqualTo(NfsStatus.OK);
    passed(ClientRegistry.COURTESY.plusSeconds(1));
    assertThat(ann.ping()).isEqualTo(NfsStatus.BADSESSION);
    assertThat(host.sessions.states().openCount()).isZero();
    assertThat(host.records.size(Host.CLIENTS)).isZero();
  }

  @Test
  void aSilentClientThatHoldsNothingEndsWithItsLease() {
    passed(Host.LEASE.minusSeconds(1));
    assertThat(host.sessions.clientCount()).isEqualTo(2);
    passed(Duration.ofSeconds(2));
    assertThat(host.sessions.clientCount()).isZero();
    assertThat(host.sessions.sessionCount()).isZero();
    assertThat(ann.ping()).isEqualTo(NfsStatus.BADSESSION);
  }

  @Test
  void anIdThatNobodyConfirmsEndsWithALease() {
    long id = host.introduce("eve", 1).clientId();
    assertThat(host.sessions.clientCount()).isEqualTo(3);
    passed(LONGER);
    assertThat(host.create(id, 1, 0).status()).isEqualTo(NfsStatus.STALE_CLIENTID);
  }

  @Test
  void aRunningRequestKeepsItsClient() {
    assertThat(ann.open(5)).isEqualTo(NfsStatus.OK);
    SlotLease slow = ann.lease();
    passed(ClientRegistry.COURTESY.plusSeconds(1));
    Member eve = host.join("eve", 1);
    assertThat(eve.open(5)).isEqualTo(NfsStatus.SHARE_DENIED);
    slow.close();
    assertThat(eve.open(5)).as("silent from the start of it").isEqualTo(NfsStatus.OK);
  }

  @Test
  void theMachinesClockMayBeSet() {
    assertThat(ann.open(5)).isEqualTo(NfsStatus.OK);
    host.clock.step(Duration.ofDays(400));
    host.sessions.tick();
    assertThat(bob.open(5)).isEqualTo(NfsStatus.SHARE_DENIED);
  }

  @Test
  void aClientWhoseRecordCannotBeRemovedStaysInTheWayUntilItCan() {
    assertThat(ann.open(5)).isEqualTo(NfsStatus.OK);
    assertThat(bob.open(6)).isEqualTo(NfsStatus.OK);
    host.clock.advance(LONGER);
    host.records.breakDown(true);

    assertThatThrownBy(() -> bob.open(5)).isInstanceOf(EngineException.class);
    assertThat(ann.ping()).as("its end has begun").isEqualTo(NfsStatus.BADSESSION);
    assertThat(host.sessions.states().openCount()).isEqualTo(2);

    host.records.breakDown(false);
    host.sessions.tick();
    assertThat(host.sessions.states().openCount()).isEqualTo(1);
    assertThat(bob.open(5)).isEqualTo(NfsStatus.OK);
  }

  @Test
  void stateIsGrantedOnlyWithADurableRecord() {
    host.records.breakDown(true);
    assertThatThrownBy(() -> ann.open(5)).isInstanceOf(EngineException.class);
    assertThat(host.sessions.states().openCount()).isZero();

    host.records.breakDown(false);
    assertThat(ann.open(5)).isEqualTo(NfsStatus.OK);
    assertThat(host.records.size(Host.CLIENTS)).isEqualTo(1);
  }

  @Test
  void aClientThatEndsWhileItIsRecordedLeavesNoRecord() {
    long restarted = host.introduce("ann", 2).clientId();
    host.records.beforeNextPut(
        () -> assertThat(host.create(restarted, 1, 0).status()).isEqualTo(NfsStatus.OK));

    try (SlotLease lease = ann.lease()) {
      assertThatThrownBy(() -> host.sessions.requireNewState(lease))
          .isInstanceOfSatisfying(
              NfsException.class, it -> assertThat(it.status()).isEqualTo(NfsStatus.DEADSESSION));
    }
    assertThat(host.records.size(Host.CLIENTS)).isZero();
  }

  @Test
  void aClientThatUnmountsLeavesNothing() {
    assertThat(bob.open(5)).isEqualTo(NfsStatus.OK);
    host.sessions.states().releaseAll(bob.clientId);
    assertThat(bob.destroy()).isEqualTo(NfsStatus.OK);
    assertThat(host.records.size(Host.CLIENTS)).isZero();
    assertThat(
            host.sessions
                .destroyClientId(new NfsOp.DestroyClientId(bob.clientId), Host.ROOT)
                .status())
        .isEqualTo(NfsStatus.STALE_CLIENTID);
  }
}
