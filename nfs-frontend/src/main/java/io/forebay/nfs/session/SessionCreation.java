package io.forebay.nfs.session;

import io.forebay.nfs.NfsLimits;
import io.forebay.nfs.op.ChannelAttributes;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.op.SessionId;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** CREATE_SESSION (RFC 8881 section 18.36), in the phases of its section 18.36.4. */
final class SessionCreation {
  private static final int PERSIST = 0x1;
  static final int CONN_BACK_CHAN = 0x2;
  private static final int CONN_RDMA = 0x4;

  /** What the header of a message and SEQUENCE alone take, roughly. */
  private static final int MIN_MESSAGE_BYTES = 128;

  /** Sessions that share one gateway get this many slots together, as long as each has a few. */
  private static final int SLOTS_IN_ALL = 8192;

  private static final int FEWEST_SLOTS = 4;

  private final ClientRegistry registry;
  private final Grace grace;
  private final NfsLimits limits;
  private final RandomGenerator random;

  SessionCreation(ClientRegistry registry, Grace grace, NfsLimits limits, RandomGenerator random) {
    this.registry = registry;
    this.grace = grace;
    this.limits = limits;
    this.random = random;
  }

  /** How many slots a session should use now; fewer, the more sessions there are. */
  int targetSlots() {
    int share = SLOTS_IN_ALL / Math.max(1, registry.sessionCount());
    return Math.clamp(share, Math.min(FEWEST_SLOTS, limits.maxSlots()), limits.maxSlots());
  }

  /** Blocks where an earlier incarnation of the client has to end. */
  NfsResult createSession(NfsOp.CreateSession op, Origin origin) {
    NfsStatus invalid = validate(op);
    if (invalid != NfsStatus.OK) {
      return failed(invalid);
    }
    Begun begun = begin(op, origin);
    return switch (begun) {
      case Begun.Answered answered -> answered.result();
      case Begun.Going going -> carryOut(op, origin, going);
    };
  }

  private static NfsStatus validate(NfsOp.CreateSession op) {
    ChannelAttributes fore = op.fore();
    if ((op.flags() & ~(PERSIST | CONN_BACK_CHAN | CONN_RDMA)) != 0
        || fore.maxRequests() == 0
        || fore.maxOperations() == 0) {
      return NfsStatus.INVAL;
    }
    if (fore.maxRequestBytes() < MIN_MESSAGE_BYTES || fore.maxResponseBytes() < MIN_MESSAGE_BYTES) {
      return NfsStatus.TOOSMALL;
    }
    return NfsStatus.OK;
  }

  private sealed interface Begun {
    record Answered(NfsResult result) implements Begun {}

    /** The sequence is right and taken; {@code predecessor} is to end first. */
    record Going(Client client, @Nullable Client predecessor) implements Begun {}
  }

  /** Phases 1 and 2, and the checks of phase 3: nothing has happened when they fail. */
  private Begun begin(NfsOp.CreateSession op, Origin origin) {
    registry.lock().lock();
    try {
      Client client = registry.find(op.clientId()).orElse(null);
      if (client == null || client.phase() == Client.Phase.ENDING) {
        return answered(NfsStatus.STALE_CLIENTID);
      }
      Client.CreationSlot slot = client.creation();
      int age = op.sequence() - slot.sequence();
      if (age == 0) {
        NfsResult reply = slot.reply();
        return reply == null ? answered(NfsStatus.SEQ_MISORDERED) : new Begun.Answered(reply);
      }
      if (age != 1) {
        return answered(NfsStatus.SEQ_MISORDERED);
      }
      if (slot.isBusy()) {
        return answered(NfsStatus.DELAY);
      }
      boolean confirmed = client.phase() == Client.Phase.CONFIRMED;
      if (!confirmed && !client.principal().equals(origin.principal())) {
        return answered(NfsStatus.CLID_INUSE);
      }
      if (client.sessions().size() >= limits.maxSessionsPerClient()
          || registry.sessionCount() >= 2L * limits.maxClients()) {
        return answered(NfsStatus.NOSPC);
      }
      slot.begin();
      return new Begun.Going(client, confirmed ? null : registry.confirmed(client.owner()));
    } finally {
      registry.lock().unlock();
    }
  }

  /** Phase 3, the confirmation, and phase 4, the session. */
  private NfsResult carryOut(NfsOp.CreateSession op, Origin origin, Begun.Going going) {
    Client client = going.client();
    NfsResult.CreateSession reply = null;
    try {
      Client predecessor = going.predecessor();
      if (predecessor != null) {
        // Section 18.35.4, case 5: now the earlier incarnation is known to be gone.
        predecessor.beginEnding();
        registry.end(predecessor);
      }
      if (client.phase() == Client.Phase.UNCONFIRMED) {
        grace.confirmed(client.owner(), client.verifier());
      }
      registry.lock().lock();
      try {
        if (!registry.confirm(client)) {
          return failed(NfsStatus.STALE_CLIENTID);
        }
        reply = create(op, origin, client);
        return reply;
      } finally {
        client.creation().end(reply);
        registry.lock().unlock();
      }
    } finally {
      if (reply == null) {
        giveUp(client);
      }
    }
  }

  private void giveUp(Client client) {
    registry.lock().lock();
    try {
      client.creation().end(null);
    } finally {
      registry.lock().unlock();
    }
  }

  private NfsResult.CreateSession create(NfsOp.CreateSession op, Origin origin, Client client) {
    ChannelAttributes fore = negotiate(op.fore());
    SessionId id = new SessionId(client.id(), random.nextLong());
    boolean back = (op.flags() & CONN_BACK_CHAN) != 0;
    Session session = new Session(id, client, fore, back);
    registry.add(session);
    if (back) {
      session.bindBackChannel(origin.connection().id());
    }
    // Neither persistence nor RDMA is granted.
    return new NfsResult.CreateSession(
        id, op.sequence(), op.flags() & CONN_BACK_CHAN, fore, negotiateBack(op.back()));
  }

  /** Nothing above what the client asked for (section 18.36.3). */
  private ChannelAttributes negotiate(ChannelAttributes asked) {
    return new ChannelAttributes(
        0,
        Math.min(asked.maxRequestBytes(), limits.maxMessageBytes()),
        Math.min(asked.maxResponseBytes(), limits.maxMessageBytes()),
        Math.min(asked.maxCachedResponseBytes(), limits.maxCachedReplyBytes()),
        Math.min(asked.maxOperations(), limits.maxOperations()),
        Math.min(asked.maxRequests(), targetSlots()));
  }

  /** No callbacks are made, so what the client offers is enough. */
  private static ChannelAttributes negotiateBack(ChannelAttributes offered) {
    return new ChannelAttributes(
        0,
        offered.maxRequestBytes(),
        offered.maxResponseBytes(),
        offered.maxCachedResponseBytes(),
        offered.maxOperations(),
        offered.maxRequests());
  }

  private static Begun answered(NfsStatus status) {
    return new Begun.Answered(failed(status));
  }

  private static NfsResult failed(NfsStatus status) {
    return new NfsResult.Failed(OpCode.CREATE_SESSION, status);
  }
}
