package io.forebay.nfs.handler;

import io.forebay.ambient.Invariant;
import io.forebay.engine.Payload;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.xdr.XdrWriter;
import io.forebay.nfs.xdr.XdrWriter.Gap;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A COMPOUND4res, encoded, with the bytes of its READs beside it. Whoever holds it closes it, once
 * the last byte has left or when it is dropped: the payloads are its own. One thread at a time.
 */
public final class CompoundReply implements AutoCloseable {
  private final List<NfsResult> results;
  private final ByteBuffer head;
  private final List<Gap> gaps;
  private final List<Payload> payloads;

  /** {@code payloads} in the order of the body's gaps; taken over. */
  CompoundReply(List<NfsResult> results, XdrWriter body, List<Payload> payloads) {
    this(results, body.written(), body.gaps(), payloads);
  }

  private CompoundReply(
      List<NfsResult> results, ByteBuffer head, List<Gap> gaps, List<Payload> payloads) {
    Invariant.check(gaps.size() == payloads.size(), "each gap has its payload");
    this.results = List.copyOf(results);
    this.head = head;
    this.gaps = gaps;
    this.payloads = List.copyOf(payloads);
  }

  /** A reply given before. */
  static CompoundReply replay(byte[] reply) {
    return new CompoundReply(List.of(), ByteBuffer.wrap(reply), List.of(), List.of());
  }

  /** Results in order; empty for a replay. */
  public List<NfsResult> results() {
    return results;
  }

  /** Bytes of the whole COMPOUND4res. */
  public int size() {
    int size = head.remaining();
    for (Payload payload : payloads) {
      size += payload.length();
    }
    return size;
  }

  /** What is encoded, without what belongs into the {@link #gaps}; not to be changed. */
  public ByteBuffer written() {
    return head.asReadOnlyBuffer();
  }

  /** Where the {@link #payloads} belong, in order: before the written byte of that index. */
  public List<Gap> gaps() {
    return gaps;
  }

  /** One for each gap; stay this reply's. */
  public List<Payload> payloads() {
    return payloads;
  }

  /** A copy of all bytes, payloads included; for short replies and tests. */
  public byte[] toBytes() {
    ByteBuffer copy = ByteBuffer.allocate(size());
    int done = 0;
    for (int i = 0; i < gaps.size(); i++) {
      copy.put(head.slice(done, gaps.get(i).position() - done));
      done = gaps.get(i).position();
      payloads.get(i).copyTo(copy);
    }
    copy.put(head.slice(done, head.remaining() - done));
    return copy.array();
  }

  /** Idempotent. */
  @Override
  public void close() {
    payloads.forEach(Payload::close);
  }
}
