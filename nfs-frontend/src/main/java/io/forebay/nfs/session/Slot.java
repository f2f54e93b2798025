package io.forebay.nfs.session;

import io.forebay.nfs.op.NfsResult;
import org.jspecify.annotations.Nullable;

/** A slot and its one remembered reply (RFC 8881 section 2.10.6.1). Guarded by its session. */
final class Slot {
  private int sequence;
  private boolean busy;
  private int checksum;
  private @Nullable Principal principal;
  private NfsResult.@Nullable Sequence result;
  private byte @Nullable [] reply;

  /** How much newer a sequence is than the newest known; 0 for that, which is 0 at first. */
  int age(int presented) {
    return presented - sequence;
  }

  boolean isBusy() {
    return busy;
  }

  void begin(NfsResult.Sequence begun, Principal by, int checksumOfArguments) {
    sequence = begun.sequence();
    busy = true;
    checksum = checksumOfArguments;
    principal = by;
    result = begun;
    reply = null;
  }

  void end(byte @Nullable [] kept) {
    busy = false;
    reply = kept;
  }

  boolean isSameRequest(Principal by, int checksumOfArguments) {
    return by.equals(principal) && checksum == checksumOfArguments;
  }

  /** Of the newest request; null before the first. */
  NfsResult.@Nullable Sequence result() {
    return result;
  }

  byte @Nullable [] reply() {
    return reply;
  }
}
