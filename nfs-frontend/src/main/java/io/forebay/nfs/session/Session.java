package io.forebay.nfs.session;

import io.forebay.ambient.Invariant;
import io.forebay.nfs.op.ChannelAttributes;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.SessionId;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A session's slots and channels. Slots are shared by all its connections: which connection a
 * request or its retry comes over makes no difference (RFC 8881 section 2.10.5). Thread-safe.
 */
final class Session {
  /** A reply this short is kept even when the client did not ask for it. */
  private static final int CHEAP_REPLY_BYTES = 512;

  /** The header of an accepted RPC reply, which counts against the channel's sizes. */
  private static final int RPC_HEADER_BYTES = 24;

  /** COMPOUND4res with an empty tag and the result of SEQUENCE. */
  private static final int SEQUENCE_REPLY_BYTES = 12 + 8 + 16 + 5 * Integer.BYTES;

  private final SessionId id;
  private final Client client;
  private final ChannelAttributes fore;
  private final boolean wantsBackChannel;
  private final @Nullable Slot[] slots;
  private final Set<Long> backConnections = new HashSet<>();
  private int busySlots;
  private boolean ended;

  Session(SessionId id, Client client, ChannelAttributes fore, boolean wantsBackChannel) {
    this.id = id;
    this.client = client;
    this.fore = fore;
    this.wantsBackChannel = wantsBackChannel;
    this.slots = new Slot[fore.maxRequests()];
  }

  SessionId id() {
    return id;
  }

  Client client() {
    return client;
  }

  boolean wantsBackChannel() {
    return wantsBackChannel;
  }

  int maxReplyBytes(boolean cacheThis) {
    int longest = fore.maxResponseBytes();
    return (cacheThis ? Math.min(longest, fore.maxCachedResponseBytes()) : longest)
        - RPC_HEADER_BYTES;
  }

  boolean keeps(int size, boolean cacheThis) {
    return size <= maxReplyBytes(true) && (cacheThis || size <= CHEAP_REPLY_BYTES);
  }

  /**
   * Section 18.46.3. The lease returned has to be given back.
   *
   * @param targetSlots how many slots the client is asked to use
   */
  synchronized SequenceOutcome sequence(
      NfsOp.Sequence op, RequestShape shape, Principal principal, int targetSlots) {
    NfsStatus refusal = refusal(op, shape);
    if (refusal != NfsStatus.OK) {
      return new SequenceOutcome.Refused(refusal);
    }
    Slot slot = slots[op.slot()];
    if (slot == null) {
      slot = new Slot();
      slots[op.slot()] = slot;
    }
    int age = slot.age(op.sequence());
    if (age == 0) {
      return retry(slot, shape, principal);
    }
    if (age != 1 || slot.isBusy()) {
      return new SequenceOutcome.Refused(NfsStatus.SEQ_MISORDERED);
    }
    NfsResult.Sequence result =
        new NfsResult.Sequence(
            id,
            op.sequence(),
            op.slot(),
            slots.length - 1,
            Math.min(targetSlots, slots.length) - 1,
            statusFlags());
    slot.begin(result, principal, shape.checksum());
    busySlots++;
    return new SequenceOutcome.Granted(new SlotLease(this, slot, op.cacheThis()), result);
  }

  private NfsStatus refusal(NfsOp.Sequence op, RequestShape shape) {
    if (ended) {
      return NfsStatus.BADSESSION;
    }
    if (shape.operations() > fore.maxOperations()) {
      return NfsStatus.TOO_MANY_OPS;
    }
    if (shape.bytes() > fore.maxRequestBytes()) {
      return NfsStatus.REQ_TOO_BIG;
    }
    if (Integer.compareUnsigned(op.slot(), slots.length) >= 0) {
      return NfsStatus.BADSLOT;
    }
    if (Integer.compareUnsigned(op.highestSlot(), slots.length) >= 0) {
      return NfsStatus.BAD_HIGH_SLOT;
    }
    if (op.cacheThis() && maxReplyBytes(true) < SEQUENCE_REPLY_BYTES) {
      return NfsStatus.REP_TOO_BIG_TO_CACHE;
    }
    return NfsStatus.OK;
  }

  /** Section 2.10.6.1: the newest request once more, or another one that pretends to be it. */
  private static SequenceOutcome retry(Slot slot, RequestShape shape, Principal principal) {
    NfsResult.Sequence result = slot.result();
    if (result == null) {
      // Section 2.10.6.1: a slot that was never used has nothing to repeat.
      return new SequenceOutcome.Refused(NfsStatus.SEQ_MISORDERED);
    }
    if (!slot.isSameRequest(principal, shape.checksum())) {
      return new SequenceOutcome.Refused(NfsStatus.SEQ_FALSE_RETRY);
    }
    if (slot.isBusy()) {
      return new SequenceOutcome.Refused(NfsStatus.DELAY);
    }
    byte[] reply = slot.reply();
    return reply == null ? new SequenceOutcome.Unkept(result) : new SequenceOutcome.Replay(reply);
  }

  /**
   * Section 18.46.3. SEQ4_STATUS_RESTART_RECLAIM_NEEDED is never set: sessions do not outlive a
   * restart, so a client that has one knows.
   */
  private int statusFlags() {
    if (!wantsBackChannel || !backConnections.isEmpty()) {
      return 0;
    }
    return client.hasBackChannel() ? StatusFlags.CB_PATH_DOWN_SESSION : StatusFlags.CB_PATH_DOWN;
  }

  /** Ends a request; called by its lease, once. */
  void release(Slot slot, byte @Nullable [] kept) {
    synchronized (this) {
      Invariant.check(slot.isBusy(), "a slot's request ends once");
      slot.end(kept);
      busySlots--;
    }
    client.endRequest();
  }

  /**
   * Ends the session unless requests are running.
   *
   * @param ownRequests running requests that do not count
   */
  synchronized boolean endUnlessBusy(int ownRequests) {
    if (busySlots > ownRequests) {
      return false;
    }
    end();
    return true;
  }

  synchronized void end() {
    if (!ended) {
      ended = true;
      if (!backConnections.isEmpty()) {
        client.loseBackChannel();
      }
      backConnections.clear();
    }
  }

  synchronized void bindBackChannel(long connection) {
    if (!ended && backConnections.add(connection) && backConnections.size() == 1) {
      client.gainBackChannel();
    }
  }

  synchronized void disconnected(long connection) {
    if (backConnections.remove(connection) && backConnections.isEmpty()) {
      client.loseBackChannel();
    }
  }
}
