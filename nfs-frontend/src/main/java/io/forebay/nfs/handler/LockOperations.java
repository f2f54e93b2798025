package io.forebay.nfs.handler;

import io.forebay.nfs.handler.Location.Inside;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsOp.Locker;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.session.ReclaimPermit;
import io.forebay.nfs.state.LockConflict;
import io.forebay.nfs.state.LockOutcome;
import java.util.ArrayList;
import java.util.List;

/** LOCK, LOCKT, LOCKU, FREE_STATEID, TEST_STATEID. */
final class LockOperations {
  private final StateGate states;

  LockOperations(StateGate states) {
    this.states = states;
  }

  /** Section 18.10; a client that would wait is denied, and asks again (section 9.6). */
  NfsResult lock(CompoundContext context, NfsOp.Lock op) {
    Inside file = context.file();
    CompoundContext.requireRegular(file);
    Locker locker =
        switch (op.locker()) {
          case Locker.FromOpen from ->
              new Locker.FromOpen(context.resolve(from.open()), from.owner());
          case Locker.Existing existing -> new Locker.Existing(context.resolve(existing.lock()));
        };
    if (!op.reclaim()) {
      states.sessions().requireNewState(context.lease());
      return lock(context, op, file, locker);
    }
    try (ReclaimPermit _ = states.sessions().reclaim(context.lease())) {
      NfsResult result = lock(context, op, file, locker);
      if (result instanceof NfsResult.LockDenied) {
        throw new NfsException(NfsStatus.RECLAIM_CONFLICT);
      }
      return result;
    }
  }

  private NfsResult lock(CompoundContext context, NfsOp.Lock op, Inside file, Locker locker) {
    LockOutcome outcome =
        states
            .table()
            .lock(context.clientId(), file.inode(), locker, op.type(), op.offset(), op.length());
    return switch (outcome) {
      case LockOutcome.Granted granted -> {
        context.setStateId(granted.stateId());
        yield new NfsResult.State(OpCode.LOCK, granted.stateId());
      }
      case LockOutcome.Denied denied -> denied(OpCode.LOCK, denied.conflict());
    };
  }

  private static NfsResult denied(OpCode op, LockConflict conflict) {
    return new NfsResult.LockDenied(
        op,
        conflict.offset(),
        conflict.length(),
        conflict.type(),
        conflict.clientId(),
        conflict.owner());
  }

  /** Section 18.11. */
  NfsResult test(CompoundContext context, NfsOp.LockTest op) {
    Inside file = context.file();
    CompoundContext.requireRegular(file);
    states.requireNoGrace();
    return states
        .table()
        .testLock(context.clientId(), file.inode(), op.owner(), op.type(), op.offset(), op.length())
        .map(conflict -> denied(OpCode.LOCKT, conflict))
        .orElseGet(() -> new NfsResult.Done(OpCode.LOCKT));
  }

  /** Section 18.12. */
  NfsResult unlock(CompoundContext context, NfsOp.Unlock op) {
    Inside file = context.file();
    StateId stateId = context.resolve(op.stateId());
    StateId after =
        states.table().unlock(context.clientId(), stateId, file.inode(), op.offset(), op.length());
    context.setStateId(after);
    return new NfsResult.State(OpCode.LOCKU, after);
  }

  /** Section 18.38. */
  NfsResult free(CompoundContext context, NfsOp.FreeStateId op) {
    states.table().free(context.clientId(), context.resolve(op.stateId()));
    return new NfsResult.Done(OpCode.FREE_STATEID);
  }

  /** Section 18.48. */
  NfsResult test(CompoundContext context, NfsOp.TestStateId op) {
    List<NfsStatus> statuses = new ArrayList<>();
    for (StateId stateId : op.stateIds()) {
      statuses.add(states.table().test(context.clientId(), stateId));
    }
    return new NfsResult.TestStateId(statuses);
  }
}
