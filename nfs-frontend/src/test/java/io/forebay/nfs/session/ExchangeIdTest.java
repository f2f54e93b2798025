package io.forebay.nfs.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.session.Host.Member;
import io.forebay.nfs.xdr.Opaque;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8881 section 18.35.4: each case of EXCHANGE_ID by its number there. */
class ExchangeIdTest {
  private final Host host = new Host();

  private NfsStatus status(String owner, long verifier, int uid, int flags) {
    return host.exchange(owner, verifier, uid, flags).status();
  }

  @Test
  void case1ANewOwnerGetsAnUnconfirmedId() {
    NfsResult.ExchangeId made = host.introduce("ann", 1);

    assertThat(made.flags()).as("USE_NON_PNFS, not CONFIRMED_R").isEqualTo(0x10000);
    assertThat(made.sequence()).isEqualTo(1);
    assertThat(host.sessions.clientCount()).isEqualTo(1);
    assertThat(host.introduce("bob", 1).clientId()).isNotEqualTo(made.clientId());
  }

  @Test
  void case2AConfirmedIdIsNamedAgainAndKeepsItsSessions() {
    Member ann = host.join("ann", 1);

    NfsResult.ExchangeId again = host.introduce("ann", 1);

    assertThat(again.clientId()).isEqualTo(ann.clientId);
    assertThat(again.flags()).isEqualTo(0x10000 | Host.CONFIRMED);
    assertThat(again.sequence()).as("of the next CREATE_SESSION").isEqualTo(2);
    assertThat(ann.ping()).isEqualTo(NfsStatus.OK);
  }

  @Test
  void case3AnotherPrincipalIsRefusedWhileTheOwnerHoldsState() {
    Member ann = host.join("ann", 1);
    assertThat(ann.open(5)).isEqualTo(NfsStatus.OK);

    assertThat(status("ann", 2, 1000, 0)).isEqualTo(NfsStatus.CLID_INUSE);
    assertThat(ann.ping()).isEqualTo(NfsStatus.OK);

    host.clock.advance(Host.LEASE.plusSeconds(1));
    assertThat(status("ann", 2, 1000, 0)).as("the lease ran out").isEqualTo(NfsStatus.OK);
    assertThat(ann.ping()).isEqualTo(NfsStatus.BADSESSION);
  }

  @Test
  void case3AnotherPrincipalTakesTheNameOfAnOwnerThatHoldsNothing() {
    Member ann = host.join("ann", 1);

    NfsResult.ExchangeId other = (NfsResult.ExchangeId) host.exchange("ann", 1, 1000, 0);

    assertThat(other.clientId()).isNotEqualTo(ann.clientId);
    assertThat(other.flags() & Host.CONFIRMED).isZero();
    assertThat(ann.ping()).isEqualTo(NfsStatus.BADSESSION);
  }

  @Test
  void case4AnUnconfirmedIdIsReplaced() {
    long first = host.introduce("ann", 1).clientId();
    long second = host.introduce("ann", 1).clientId();

    assertThat(second).isNotEqualTo(first);
    assertThat(host.sessions.clientCount()).isEqualTo(1);
    assertThat(host.create(first, 1, 0).status()).isEqualTo(NfsStatus.STALE_CLIENTID);
    assertThat(host.create(second, 1, 0).status()).isEqualTo(NfsStatus.OK);
  }

  @Test
  void case5ARestartedClientsOldIdLivesUntilTheNewOneIsConfirmed() {
    Member old = host.join("ann", 1);
    assertThat(old.open(5)).isEqualTo(NfsStatus.OK);
    Member bob = host.join("bob", 1);

    NfsResult.ExchangeId restarted = host.introduce("ann", 2);
    assertThat(restarted.clientId()).isNotEqualTo(old.clientId);
    assertThat(restarted.flags() & Host.CONFIRMED).isZero();
    assertThat(old.ping()).as("nothing is confirmed yet").isEqualTo(NfsStatus.OK);
    assertThat(bob.open(5)).isEqualTo(NfsStatus.SHARE_DENIED);

    assertThat(host.create(restarted.clientId(), 1, 0).status()).isEqualTo(NfsStatus.OK);
    assertThat(old.ping()).isEqualTo(NfsStatus.BADSESSION);
    assertThat(bob.open(5)).as("the old state is gone").isEqualTo(NfsStatus.OK);
    assertThat(host.sessions.clientCount()).isEqualTo(2);
  }

  @Test
  void case5ARestartThatIsAnnouncedTwiceReplacesItsUnconfirmedId() {
    Member old = host.join("ann", 1);
    long second = host.introduce("ann", 2).clientId();
    long third = host.introduce("ann", 3).clientId();

    assertThat(host.create(second, 1, 0).status()).isEqualTo(NfsStatus.STALE_CLIENTID);
    assertThat(old.ping()).isEqualTo(NfsStatus.OK);
    assertThat(host.create(third, 1, 0).status()).isEqualTo(NfsStatus.OK);
    assertThat(old.ping()).isEqualTo(NfsStatus.BADSESSION);
  }

  @Test
  void case6AnUpdateOfAConfirmedIdSucceeds() {
    Member ann = host.join("ann", 1);

    NfsResult.ExchangeId updated = (NfsResult.ExchangeId) host.exchange("ann", 1, 0, Host.UPDATE);

    assertThat(updated.clientId()).isEqualTo(ann.clientId);
    assertThat(updated.flags() & Host.CONFIRMED).isNotZero();
  }

  @Test
  void case7AnUpdateWithoutAConfirmedIdLeavesTheUnconfirmedOne() {
    assertThat(status("ann", 1, 0, Host.UPDATE)).isEqualTo(NfsStatus.NOENT);
    long unconfirmed = host.introduce("ann", 1).clientId();
    assertThat(status("ann", 1, 0, Host.UPDATE)).isEqualTo(NfsStatus.NOENT);
    assertThat(host.create(unconfirmed, 1, 0).status()).isEqualTo(NfsStatus.OK);
  }

  @Test
  void case8AnUpdateWithAnotherVerifierIsRefused() {
    Member ann = host.join("ann", 1);
    assertThat(status("ann", 2, 0, Host.UPDATE)).isEqualTo(NfsStatus.NOT_SAME);
    assertThat(ann.ping()).isEqualTo(NfsStatus.OK);
  }

  @Test
  void case9AnUpdateByAnotherPrincipalIsRefused() {
    Member ann = host.join("ann", 1);
    assertThat(status("ann", 1, 1000, Host.UPDATE)).isEqualTo(NfsStatus.PERM);
    assertThat(ann.ping()).isEqualTo(NfsStatus.OK);
  }

  @ParameterizedTest
  @ValueSource(ints = {Host.CONFIRMED, 0x8, 0x20000000, 0x80000})
  void flagsThatNoClientMaySetAreInvalid(int flags) {
    assertThat(status("ann", 1, 0, flags)).isEqualTo(NfsStatus.INVAL);
    assertThat(host.sessions.clientCount()).isZero();
  }

  @Test
  void stateProtectionNeedsRpcsecGss() {
    for (int protection : new int[] {1, 2}) {
      NfsResult result =
          host.sessions.exchangeId(
              new NfsOp.ExchangeId(1, Opaque.of("ann"), 0, protection), Host.ROOT);
      assertThat(result.status()).isIn(NfsStatus.INVAL, NfsStatus.ENCR_ALG_UNSUPP);
    }
  }

  @Test
  void theServerIsTheSameAfterARestartAndUnlikeAnother() {
    NfsResult.ExchangeId before = host.introduce("ann", 1);
    host.restart();
    NfsResult.ExchangeId after = host.introduce("ann", 1);

    assertThat(after.ownerMajor()).isEqualTo(before.ownerMajor());
    assertThat(after.scope()).isEqualTo(before.scope());
    assertThat(after.clientId()).isNotEqualTo(before.clientId());
  }

  @Test
  void aFullServerForgetsWhoNeverMadeASession() {
    for (int i = 0; i < Host.LIMITS.maxClients() - 1; i++) {
      assertThat(host.join("ann" + i, 1).open(i + 1)).isEqualTo(NfsStatus.OK);
    }
    long idle = host.introduce("idle", 1).clientId();

    assertThat(status("new", 1, 0, 0)).isEqualTo(NfsStatus.OK);
    assertThat(host.create(idle, 1, 0).status()).isEqualTo(NfsStatus.STALE_CLIENTID);
  }

  @Test
  void aServerFullOfLiveClientsAsksForPatience() {
    Member[] members = new Member[Host.LIMITS.maxClients()];
    for (int i = 0; i < members.length; i++) {
      members[i] = host.join("ann" + i, 1);
      host.clock.advance(Host.LEASE.dividedBy(members.length));
    }
    assertThat(status("new", 1, 0, 0)).isEqualTo(NfsStatus.DELAY);

    host.clock.advance(Host.LEASE.dividedBy(members.length).plusSeconds(1));
    assertThat(status("new", 1, 0, 0)).isEqualTo(NfsStatus.OK);
    assertThat(members[0].ping()).as("silent for longest").isEqualTo(NfsStatus.BADSESSION);
    assertThat(members[1].ping()).isEqualTo(NfsStatus.OK);
  }

  @Test
  void destroyingAnIdNeedsThatNothingIsLeftOfIt() {
    Member ann = host.join("ann", 1);
    assertThat(ann.open(5)).isEqualTo(NfsStatus.OK);
    assertThat(host.destroyClient(ann.clientId)).isEqualTo(NfsStatus.CLIENTID_BUSY);
    assertThat(ann.destroy()).as("it has the file open").isEqualTo(NfsStatus.CLIENTID_BUSY);
    assertThat(host.destroyClient(12345)).isEqualTo(NfsStatus.STALE_CLIENTID);

    Member bob = host.join("bob", 1);
    assertThat(bob.destroy()).isEqualTo(NfsStatus.OK);
    assertThat(host.destroyClient(bob.clientId)).isEqualTo(NfsStatus.STALE_CLIENTID);
    assertThat(host.introduce("bob", 1).flags() & Host.CONFIRMED).isZero();
  }

  @Test
  void anUnconfirmedIdCanBeDestroyed() {
    long id = host.introduce("ann", 1).clientId();
    assertThat(host.destroyClient(id)).isEqualTo(NfsStatus.OK);
    assertThat(host.create(id, 1, 0).status()).isEqualTo(NfsStatus.STALE_CLIENTID);
  }
}
