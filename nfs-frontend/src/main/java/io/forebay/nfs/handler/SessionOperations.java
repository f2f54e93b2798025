package io.forebay.nfs.handler;

import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.session.Origin;
import io.forebay.nfs.session.Sessions;
import io.forebay.nfs.session.SlotLease;

/** Clients and sessions: what {@link Sessions} does, where it may stand in a COMPOUND. */
final class SessionOperations {
  private final Sessions sessions;

  SessionOperations(Sessions sessions) {
    this.sessions = sessions;
  }

  /** An operation that is the only one of its request. */
  NfsResult alone(NfsOp op, Origin origin) {
    return switch (op) {
      case NfsOp.Illegal illegal -> throw new NfsException(NfsStatus.OP_ILLEGAL);
      case NfsOp.Malformed malformed -> throw new NfsException(NfsStatus.BADXDR);
      case NfsOp.ExchangeId exchange -> sessions.exchangeId(exchange, origin);
      case NfsOp.CreateSession create -> sessions.createSession(create, origin);
      case NfsOp.BindConnToSession bind -> sessions.bindConnection(bind, origin);
      case NfsOp.DestroySession destroy -> sessions.destroySession(destroy, null);
      case NfsOp.DestroyClientId destroy -> sessions.destroyClientId(destroy, origin);
      default -> throw new NfsException(NfsStatus.OP_NOT_IN_SESSION);
    };
  }

  NfsResult exchangeId(NfsOp.ExchangeId op, Origin origin) {
    return sessions.exchangeId(op, origin);
  }

  NfsResult createSession(NfsOp.CreateSession op, Origin origin) {
    return sessions.createSession(op, origin);
  }

  /** Section 18.37.3: a request that ends its own session does nothing after that. */
  NfsResult destroySession(NfsOp.DestroySession op, SlotLease lease, boolean last) {
    if (op.session().equals(lease.session()) && !last) {
      throw new NfsException(NfsStatus.NOT_ONLY_OP);
    }
    return sessions.destroySession(op, lease);
  }

  NfsResult backchannelCtl(NfsOp.BackchannelCtl op, SlotLease lease) {
    return sessions.backchannelCtl(op, lease);
  }

  NfsResult destroyClientId(NfsOp.DestroyClientId op, Origin origin) {
    return sessions.destroyClientId(op, origin);
  }

  /** Section 18.51: of one file system it says nothing here, as none ever moves. */
  NfsResult reclaimComplete(CompoundContext context, NfsOp.ReclaimComplete op) {
    if (op.oneFileSystem()) {
      Location unused = context.current();
    }
    return sessions.reclaimComplete(op, context.lease());
  }
}
