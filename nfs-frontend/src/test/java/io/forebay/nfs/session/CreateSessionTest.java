package io.forebay.nfs.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.nfs.op.ChannelAttributes;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.SessionId;
import io.forebay.nfs.session.Host.Member;
import org.junit.jupiter.api.Test;

/** RFC 8881 sections 18.34, 18.36, 18.37, and back channels as far as there are any. */
class CreateSessionTest {
  private final Host host = new Host();

  private NfsResult.CreateSession make(long clientId, int sequence, int flags) {
    return (NfsResult.CreateSession) host.create(clientId, sequence, flags);
  }

  @Test
  void aClientIdOfNobodyOrOfAnEarlierStartIsStale() {
    assertThat(host.create(99, 1, 0).status()).isEqualTo(NfsStatus.STALE_CLIENTID);
    long before = host.introduce("ann", 1).clientId();
    host.restart();
    assertThat(host.create(before, 1, 0).status()).isEqualTo(NfsStatus.STALE_CLIENTID);
  }

  @Test
  void aRetryGetsTheSameSession() {
    long ann = host.introduce("ann", 1).clientId();
    NfsResult.CreateSession first = make(ann, 1, 0);

    assertThat(host.create(ann, 1, 0)).isEqualTo(first);
    assertThat(host.sessions.sessionCount()).isEqualTo(1);
    assertThat(make(ann, 2, 0).session()).isNotEqualTo(first.session());
    assertThat(host.sessions.sessionCount()).isEqualTo(2);
  }

  @Test
  void aSequenceOutOfTurnIsMisordered() {
    long ann = host.introduce("ann", 1).clientId();
    assertThat(host.create(ann, 0, 0).status())
        .as("nothing to repeat yet")
        .isEqualTo(NfsStatus.SEQ_MISORDERED);
    assertThat(host.create(ann, 2, 0).status()).isEqualTo(NfsStatus.SEQ_MISORDERED);
    assertThat(host.create(ann, 1, 0).status()).isEqualTo(NfsStatus.OK);
    assertThat(host.create(ann, 3, 0).status()).isEqualTo(NfsStatus.SEQ_MISORDERED);
  }

  @Test
  void anUnconfirmedIdIsConfirmedByItsOwnPrincipalOnly() {
    long ann = host.introduce("ann", 1).clientId();
    assertThat(host.create(ann, 1, 0, Host.CHANNEL, Host.origin(1, 1000)).status())
        .isEqualTo(NfsStatus.CLID_INUSE);
    assertThat(host.create(ann, 1, 0).status()).isEqualTo(NfsStatus.OK);
    assertThat(host.create(ann, 2, 0, Host.CHANNEL, Host.origin(1, 1000)).status())
        .as("a confirmed id may be used by all its users")
        .isEqualTo(NfsStatus.OK);
  }

  @Test
  void aRefusalDoesNotUseTheSequenceUp() {
    long ann = host.introduce("ann", 1).clientId();
    assertThat(host.create(ann, 1, 8).status()).as("unknown flag").isEqualTo(NfsStatus.INVAL);
    ChannelAttributes tiny = new ChannelAttributes(0, 20, 1 << 20, 0, 8, 8);
    assertThat(host.create(ann, 1, 0, tiny, Host.ROOT).status()).isEqualTo(NfsStatus.TOOSMALL);
    ChannelAttributes mute = new ChannelAttributes(0, 1 << 20, 0, 0, 8, 8);
    assertThat(host.create(ann, 1, 0, mute, Host.ROOT).status()).isEqualTo(NfsStatus.TOOSMALL);
    ChannelAttributes slotless = new ChannelAttributes(0, 1 << 20, 1 << 20, 0, 8, 0);
    assertThat(host.create(ann, 1, 0, slotless, Host.ROOT).status()).isEqualTo(NfsStatus.INVAL);

    assertThat(host.create(ann, 1, 0).status()).isEqualTo(NfsStatus.OK);
  }

  @Test
  void theChannelIsTheSmallerOfWhatBothSidesWant() {
    long ann = host.introduce("ann", 1).clientId();
    ChannelAttributes most = make(ann, 1, 0).fore();

    assertThat(most)
        .isEqualTo(
            new ChannelAttributes(
                0,
                Host.LIMITS.maxMessageBytes(),
                Host.LIMITS.maxMessageBytes(),
                Host.LIMITS.maxCachedReplyBytes(),
                Host.LIMITS.maxOperations(),
                Host.LIMITS.maxSlots()));
    assertThat(most.maxResponseBytes()).as("1 MiB of data and headers").isGreaterThan(1 << 20);

    ChannelAttributes modest = new ChannelAttributes(16, 1000, 2000, 300, 4, 2);
    NfsResult.CreateSession made =
        (NfsResult.CreateSession) host.create(ann, 2, 0, modest, Host.ROOT);
    assertThat(made.fore()).isEqualTo(new ChannelAttributes(0, 1000, 2000, 300, 4, 2));
  }

  @Test
  void sessionsOfAClientAreBounded() {
    long ann = host.introduce("ann", 1).clientId();
    int most = Host.LIMITS.maxSessionsPerClient();
    for (int i = 1; i <= most; i++) {
      assertThat(host.create(ann, i, 0).status()).isEqualTo(NfsStatus.OK);
    }
    assertThat(host.create(ann, most + 1, 0).status()).isEqualTo(NfsStatus.NOSPC);
  }

  @Test
  void persistenceAndRdmaAreNotGranted() {
    long ann = host.introduce("ann", 1).clientId();
    assertThat(make(ann, 1, 1 | Host.BACK_CHANNEL | 4).flags()).isEqualTo(Host.BACK_CHANNEL);
    assertThat(make(ann, 2, 0).flags()).isZero();
  }

  // --- the end of a session

  private NfsStatus destroy(SessionId session) {
    return host.sessions.destroySession(new NfsOp.DestroySession(session), null).status();
  }

  @Test
  void aDestroyedSessionIsNotKnownAnyMore() {
    Member ann = host.join("ann", 1);
    assertThat(destroy(ann.session)).isEqualTo(NfsStatus.OK);
    assertThat(destroy(ann.session)).isEqualTo(NfsStatus.BADSESSION);
    assertThat(ann.ping()).isEqualTo(NfsStatus.BADSESSION);
  }

  @Test
  void aSessionAtWorkIsNotDestroyedUnderIt() {
    Member ann = host.join("ann", 1);
    SlotLease busy = ann.lease();
    assertThat(destroy(ann.session)).isEqualTo(NfsStatus.DELAY);
    busy.close();
    assertThat(destroy(ann.session)).isEqualTo(NfsStatus.OK);
  }

  @Test
  void aRequestMayDestroyItsOwnSession() {
    Member ann = host.join("ann", 1);
    try (SlotLease own = ann.lease()) {
      assertThat(host.sessions.destroySession(new NfsOp.DestroySession(ann.session), own).status())
          .isEqualTo(NfsStatus.OK);
      own.complete(8, () -> new byte[8]);
    }
    assertThat(ann.ping()).isEqualTo(NfsStatus.BADSESSION);
    assertThat(host.destroyClient(ann.clientId)).isEqualTo(NfsStatus.OK);
  }

  // --- back channels

  private int flags(SessionId session, int sequence) {
    return switch (host.sequence(session, 0, sequence)) {
      case SequenceOutcome.Granted granted -> {
        granted.lease().close();
        yield granted.result().statusFlags();
      }
      default -> throw new AssertionError("not granted");
    };
  }

  private void bind(SessionId session, int direction, int connection, int expected) {
    assertThat(
            host.sessions.bindConnection(
                new NfsOp.BindConnToSession(session, direction, false), Host.origin(connection, 0)))
        .isEqualTo(new NfsResult.BindConnToSession(session, expected));
  }

  @Test
  void aLostBackChannelIsSaidUntilAnotherConnectionIsBound() {
    long ann = host.introduce("ann", 1).clientId();
    SessionId session = make(ann, 1, Host.BACK_CHANNEL).session();
    assertThat(flags(session, 1)).isZero();

    host.sessions.disconnected(Host.ROOT.connection());
    assertThat(flags(session, 2)).as("CB_PATH_DOWN").isEqualTo(0x1);
    bind(session, 1, 2, 1);
    assertThat(flags(session, 3)).as("a fore channel does not help").isEqualTo(0x1);
    bind(session, 3, 2, 3);
    assertThat(flags(session, 4)).isZero();
  }

  @Test
  void aBackChannelOfAnotherSessionIsSaidToo() {
    long ann = host.introduce("ann", 1).clientId();
    SessionId first = make(ann, 1, Host.BACK_CHANNEL).session();
    SessionId second = make(ann, 2, Host.BACK_CHANNEL).session();
    bind(second, 2, 9, 2);
    host.sessions.disconnected(Host.ROOT.connection());

    assertThat(flags(first, 1)).as("CB_PATH_DOWN_SESSION").isEqualTo(0x200);
    assertThat(flags(second, 1)).isZero();
    assertThat(destroy(second)).isEqualTo(NfsStatus.OK);
    assertThat(flags(first, 2)).as("CB_PATH_DOWN").isEqualTo(0x1);
  }

  @Test
  void whoNeverWantedABackChannelIsNotBotheredWithIt() {
    Member ann = host.join("ann", 1);
    host.sessions.disconnected(Host.ROOT.connection());
    assertThat(flags(ann.session, 2)).isZero();
    try (SlotLease lease = ((SequenceOutcome.Granted) host.sequence(ann.session, 1, 1)).lease()) {
      assertThat(host.sessions.backchannelCtl(new NfsOp.BackchannelCtl(1), lease).status())
          .isEqualTo(NfsStatus.NOENT);
    }
  }

  @Test
  void bindingNeedsASession() {
    assertThat(
            host.sessions
                .bindConnection(
                    new NfsOp.BindConnToSession(new SessionId(1, 2), 3, false), Host.ROOT)
                .status())
        .isEqualTo(NfsStatus.BADSESSION);
  }
}
