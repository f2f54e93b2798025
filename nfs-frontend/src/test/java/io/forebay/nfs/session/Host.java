package io.forebay.nfs.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.forebay.engine.Durability;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.nfs.ClientRule;
import io.forebay.nfs.ClientRule.Squash;
import io.forebay.nfs.Export;
import io.forebay.nfs.NfsConfig;
import io.forebay.nfs.NfsLimits;
import io.forebay.nfs.op.ChannelAttributes;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.SessionId;
import io.forebay.nfs.rpc.Credential;
import io.forebay.nfs.state.ShareMode;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.testkit.ManualClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * A server's sessions, started and started again on the same records, and what is asked of them.
 */
final class Host {
  static final Duration LEASE = Duration.ofSeconds(90);
  static final Duration GRACE = Duration.ofSeconds(100);
  static final NfsLimits LIMITS = new NfsLimits(10, 8, 16, 1 << 20, 16, 2 << 10, 16, 4, 3, 1 << 10);
  static final ChannelAttributes CHANNEL = new ChannelAttributes(0, 2 << 20, 2 << 20, 4096, 64, 64);
  static final int UPDATE = 0x40000000;
  static final int CONFIRMED = 0x80000000;
  static final int BACK_CHANNEL = 2;
  static final String CLIENTS = "nfs-client";

  final ManualClock clock = new ManualClock();
  final MemoryRecords records = new MemoryRecords();
  final AtomicInteger graceEnds = new AtomicInteger();
  private final RandomGenerator random = new Random(41);
  Sessions sessions = start();

  private Sessions start() {
    NfsConfig config =
        new NfsConfig(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            LEASE,
            GRACE,
            List.of(
                new Export(
                    "/",
                    List.of(new ClientRule("0.0.0.0/0", false, Squash.NONE, 65534, 65534)),
                    Durability.LOCAL)),
            LIMITS);
    return new Sessions(config, records, clock, random, graceEnds::incrementAndGet);
  }

  /** Everything but the records is lost. */
  void restart() {
    graceEnds.set(0);
    sessions = start();
  }

  static Origin origin(long connection, int uid) {
    return new Origin(
        new Connection(connection, InetAddress.getLoopbackAddress()),
        new Credential.Sys("host", uid, 0, List.of()));
  }

  static final Origin ROOT = origin(1, 0);

  // --- clients

  NfsResult exchange(String owner, long verifier, int uid, int flags) {
    return sessions.exchangeId(
        new NfsOp.ExchangeId(verifier, Opaque.of(owner), flags, 0), origin(1, uid));
  }

  /** EXCHANGE_ID that succeeds. */
  NfsResult.ExchangeId introduce(String owner, long verifier) {
    return (NfsResult.ExchangeId) exchange(owner, verifier, 0, 0);
  }

  NfsResult create(long clientId, int sequence, int flags) {
    return create(clientId, sequence, flags, CHANNEL, ROOT);
  }

  NfsResult create(long clientId, int sequence, int flags, ChannelAttributes fore, Origin origin) {
    return sessions.createSession(
        new NfsOp.CreateSession(clientId, sequence, flags, fore, CHANNEL, 7), origin);
  }

  /** A client with a session that has said RECLAIM_COMPLETE. */
  Member join(String owner, long verifier) {
    Member member = connect(owner, verifier);
    assertThat(member.reclaimComplete()).isEqualTo(NfsStatus.OK);
    return member;
  }

  /** A client with a session. */
  Member connect(String owner, long verifier) {
    NfsResult.ExchangeId known = introduce(owner, verifier);
    NfsResult.CreateSession made =
        (NfsResult.CreateSession) create(known.clientId(), known.sequence(), 0);
    return new Member(known.clientId(), made.session());
  }

  SequenceOutcome sequence(SessionId session, int slot, int sequence) {
    return sequence(session, slot, sequence, true, new RequestShape(200, 2, 77));
  }

  SequenceOutcome sequence(
      SessionId session, int slot, int sequence, boolean cacheThis, RequestShape shape) {
    return sessions.sequence(
        new NfsOp.Sequence(session, sequence, slot, slot, cacheThis), ROOT, shape);
  }

  /** A client's session on slot 0. */
  final class Member {
    final long clientId;
    final SessionId session;
    private int used;

    Member(long clientId, SessionId session) {
      this.clientId = clientId;
      this.session = session;
    }

    SequenceOutcome next() {
      return sequence(session, 0, ++used);
    }

    /** Whatever SEQUENCE says: OK where a request may run. */
    NfsStatus ping() {
      return switch (next()) {
        case SequenceOutcome.Granted granted -> {
          granted.lease().close();
          yield NfsStatus.OK;
        }
        case SequenceOutcome.Refused refused -> refused.status();
        case SequenceOutcome.Replay replay -> throw new AssertionError("a replay");
        case SequenceOutcome.Unkept unkept -> throw new AssertionError("a replay");
      };
    }

    /** A request that runs. */
    SlotLease lease() {
      return ((SequenceOutcome.Granted) next()).lease();
    }

    NfsStatus reclaimComplete() {
      try (SlotLease lease = lease()) {
        return sessions.reclaimComplete(new NfsOp.ReclaimComplete(false), lease).status();
      }
    }

    /** Opens a file for writing that nobody else may write. */
    NfsStatus open(long inode) {
      try (SlotLease lease = lease()) {
        sessions.requireNewState(lease);
        hold(inode);
        return NfsStatus.OK;
      } catch (NfsException refusal) {
        return refusal.status();
      }
    }

    private void hold(long inode) {
      var unused =
          sessions
              .states()
              .open(
                  clientId,
                  Opaque.of("opener"),
                  new ShareMode(2, 2),
                  new HeldFile(new InodeId(inode), OpenAccess.WRITE));
    }

    /** Reclaims the open of a file. */
    NfsStatus reclaim(long inode) {
      try (SlotLease lease = lease();
          ReclaimPermit permit = sessions.reclaim(lease)) {
        assertThat(permit).isNotNull();
        hold(inode);
        return NfsStatus.OK;
      } catch (NfsException refusal) {
        return refusal.status();
      }
    }

    NfsStatus destroy() {
      NfsStatus ended = sessions.destroySession(new NfsOp.DestroySession(session), null).status();
      return ended == NfsStatus.OK ? destroyClient(clientId) : ended;
    }
  }

  NfsStatus destroyClient(long clientId) {
    return sessions.destroyClientId(new NfsOp.DestroyClientId(clientId), ROOT).status();
  }
}
