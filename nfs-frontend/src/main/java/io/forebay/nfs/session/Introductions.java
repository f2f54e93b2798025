package io.forebay.nfs.session;

import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.xdr.Opaque;
import org.jspecify.annotations.Nullable;

/** EXCHANGE_ID (RFC 8881 section 18.35): the nine cases of its section 18.35.4. */
final class Introductions {
  private static final int SP4_NONE = 0;
  private static final int SP4_MACH_CRED = 1;

  private static final int SUPP_MOVED_REFER = 0x1;
  private static final int SUPP_MOVED_MIGR = 0x2;
  private static final int SUPP_FENCE_OPS = 0x4;
  private static final int BIND_PRINC_STATEID = 0x100;
  private static final int USE_NON_PNFS = 0x10000;
  private static final int USE_PNFS_MDS = 0x20000;
  private static final int USE_PNFS_DS = 0x40000;
  private static final int UPDATE = 0x40000000;
  private static final int CONFIRMED = 0x80000000;

  /** What a client may say; {@link #CONFIRMED} is the server's to say. */
  private static final int LEGAL =
      SUPP_MOVED_REFER
          | SUPP_MOVED_MIGR
          | SUPP_FENCE_OPS
          | BIND_PRINC_STATEID
          | USE_NON_PNFS
          | USE_PNFS_MDS
          | USE_PNFS_DS
          | UPDATE;

  private final ClientRegistry registry;
  private final Opaque serverOwner;

  Introductions(ClientRegistry registry, Opaque serverOwner) {
    this.registry = registry;
    this.serverOwner = serverOwner;
  }

  /** A decision, or what has to happen before there can be one. */
  private sealed interface Step {
    record Answer(NfsResult result) implements Step {}

    /** This client is to end. */
    record End(Client client) implements Step {}

    record MakeRoom() implements Step {}
  }

  /** Blocks where another client has to end. */
  NfsResult exchangeId(NfsOp.ExchangeId op, Origin origin) {
    NfsStatus invalid = validate(op);
    if (invalid != NfsStatus.OK) {
      return failed(invalid);
    }
    while (true) {
      switch (step(op, origin)) {
        case Step.Answer answer -> {
          return answer.result();
        }
        case Step.End end -> registry.end(end.client());
        case Step.MakeRoom full -> {
          if (!registry.makeRoom()) {
            return failed(NfsStatus.DELAY);
          }
        }
      }
    }
  }

  private static NfsStatus validate(NfsOp.ExchangeId op) {
    if ((op.flags() & ~LEGAL) != 0) {
      return NfsStatus.INVAL;
    }
    return switch (op.protection()) {
      case SP4_NONE -> NfsStatus.OK;
      // Both need RPCSEC_GSS: the one to arrive by it, the other the algorithms of it.
      case SP4_MACH_CRED -> NfsStatus.INVAL;
      default -> NfsStatus.ENCR_ALG_UNSUPP;
    };
  }

  private Step step(NfsOp.ExchangeId op, Origin origin) {
    registry.lock().lock();
    try {
      Client confirmed = registry.confirmed(op.owner());
      if (confirmed != null && confirmed.phase() == Client.Phase.ENDING) {
        return new Step.End(confirmed);
      }
      if ((op.flags() & UPDATE) != 0) {
        return new Step.Answer(update(op, origin, confirmed));
      }
      return confirmed == null ? introduce(op, origin) : again(op, origin, confirmed);
    } finally {
      registry.lock().unlock();
    }
  }

  /** Cases 6 to 9. */
  private NfsResult update(NfsOp.ExchangeId op, Origin origin, @Nullable Client confirmed) {
    if (confirmed == null) {
      return failed(NfsStatus.NOENT);
    }
    if (confirmed.verifier() != op.verifier()) {
      return failed(NfsStatus.NOT_SAME);
    }
    if (!confirmed.principal().equals(origin.principal())) {
      return failed(NfsStatus.PERM);
    }
    return result(confirmed, CONFIRMED);
  }

  /** Cases 2, 3 and 5: the owner has a confirmed client id. */
  private Step again(NfsOp.ExchangeId op, Origin origin, Client confirmed) {
    if (!confirmed.principal().equals(origin.principal())) {
      // Case 3: two clients by one name. The first one stays, unless it left nothing behind.
      boolean holds = registry.states().holdsState(confirmed.id());
      if (holds && !registry.isExpired(confirmed.id())) {
        return new Step.Answer(failed(NfsStatus.CLID_INUSE));
      }
      confirmed.beginEnding();
      return new Step.End(confirmed);
    }
    if (confirmed.verifier() == op.verifier()) {
      return new Step.Answer(result(confirmed, CONFIRMED));
    }
    // Case 5: the client restarted. What it held stays until a session confirms the new id.
    return introduce(op, origin);
  }

  /** Cases 1 and 4. */
  private Step introduce(NfsOp.ExchangeId op, Origin origin) {
    if (registry.isFull()) {
      return new Step.MakeRoom();
    }
    String address = origin.connection().address().getHostAddress();
    Client client = registry.introduce(op.owner(), op.verifier(), origin.principal(), address);
    return new Step.Answer(result(client, 0));
  }

  private NfsResult result(Client client, int confirmed) {
    return new NfsResult.ExchangeId(
        client.id(),
        client.creation().sequence() + 1,
        USE_NON_PNFS | confirmed,
        0,
        serverOwner,
        serverOwner);
  }

  private static NfsResult failed(NfsStatus status) {
    return new NfsResult.Failed(OpCode.EXCHANGE_ID, status);
  }
}
