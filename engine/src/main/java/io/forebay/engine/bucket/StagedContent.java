package io.forebay.engine.bucket;

import io.forebay.ambient.Invariant;
import io.forebay.engine.ContentWriter;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectView;
import io.forebay.engine.metadata.Extent;
import io.forebay.engine.metadata.Transaction;
import io.forebay.engine.segment.AppendStream;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentPins;
import io.forebay.engine.segment.SegmentRun;
import io.forebay.engine.segment.SegmentWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Content on its way in: appended to staging under the number its inode will have. Small writes are
 * gathered, so that what is kept of a big object are a few runs a mebibyte, whatever pieces it came
 * in. Its segments stay pinned until the transaction that publishes it has committed.
 */
final class StagedContent implements ContentWriter {
  /** Writes below this are gathered. */
  private static final int GATHERED = 256 << 10;

  private static final int SMALLEST_BUFFER = 4 << 10;
  private static final int LARGEST_APPEND = 4 << 20;

  private enum State {
    OPEN,
    /** A write failed: some bytes are missing. */
    BROKEN,
    /** Nobody knows whether the transaction that names the bytes will commit. */
    IN_DOUBT,
    PUBLISHED,
    CLOSED
  }

  private final SegmentWriter writer;
  private final SegmentPins pins;
  private final InodeId inode;
  private final AppendStream stream;
  private final List<SegmentRun> runs = new ArrayList<>();
  private ByteBuffer buffer;
  private long length;
  private long appended;
  private State state = State.OPEN;

  /**
   * @param inode leased for this content
   * @param expectedLength what is known, or -1
   */
  StagedContent(SegmentWriter writer, SegmentPins pins, InodeId inode, long expectedLength) {
    this.writer = writer;
    this.pins = pins;
    this.inode = inode;
    this.stream = writer.open(expectedLength);
    this.buffer = ByteBuffer.allocate(Math.clamp(expectedLength, SMALLEST_BUFFER, GATHERED));
  }

  /** Content that this view made and that can be published. */
  static StagedContent of(ContentWriter content) {
    if (!(content instanceof StagedContent staged)) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "content of another view");
    }
    staged.requireOpen();
    return staged;
  }

  @Override
  public void write(ByteBuffer data) {
    requireOpen();
    if (data.remaining() > ObjectView.MAX_PUT_SIZE - length) {
      throw new EngineException(ErrorCode.FILE_TOO_LARGE, "a put has at most 5 GiB");
    }
    length += data.remaining();
    state = State.BROKEN;
    while (data.hasRemaining()) {
      if (buffer.position() == 0 && data.remaining() >= GATHERED) {
        int piece = Math.min(data.remaining(), LARGEST_APPEND);
        append(data.slice(data.position(), piece));
        data.position(data.position() + piece);
      } else {
        gather(data);
      }
    }
    state = State.OPEN;
  }

  private void gather(ByteBuffer data) {
    if (!buffer.hasRemaining()) {
      grow();
    }
    int piece = Math.min(data.remaining(), buffer.remaining());
    buffer.put(data.slice(data.position(), piece));
    data.position(data.position() + piece);
    if (buffer.position() == GATHERED) {
      flush();
    }
  }

  private void grow() {
    ByteBuffer larger = ByteBuffer.allocate(Math.min(GATHERED, buffer.capacity() * 4));
    buffer = larger.put(buffer.flip());
  }

  private void flush() {
    if (buffer.position() > 0) {
      append(buffer.flip());
      buffer.clear();
    }
  }

  private void append(ByteBuffer bytes) {
    int count = bytes.remaining();
    runs.addAll(stream.append(inode, appended, bytes));
    appended += count;
  }

  private void requireOpen() {
    if (state != State.OPEN) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT, "the content is no longer open but " + state);
    }
  }

  @Override
  public long length() {
    return length;
  }

  /** The number of the inode it will be. */
  InodeId inode() {
    return inode;
  }

  /** Appends what is gathered and makes all bytes durable: before the transaction. */
  void settle(Durability durability) {
    requireOpen();
    state = State.BROKEN;
    flush();
    Set<SegmentId> segments = segments();
    writer.sync(segments);
    if (durability == Durability.BUCKET) {
      writer.store(segments);
    }
    state = State.OPEN;
  }

  private Set<SegmentId> segments() {
    Set<SegmentId> segments = new LinkedHashSet<>();
    runs.forEach(run -> segments.add(run.slice().segment()));
    return segments;
  }

  /** Within the transaction, once the inode is created. */
  void putInto(Transaction transaction) {
    Invariant.check(appended == length, "content is published before it is settled");
    if (!runs.isEmpty()) {
      List<Extent> extents =
          runs.stream().map(run -> new Extent(run.fileOffset(), run.slice())).toList();
      transaction.putExtents(inode, Transaction.coalesce(extents));
      transaction.addRuns(runs);
    }
  }

  /**
   * Runs the transaction that names the bytes. A transaction that was refused leaves the content as
   * it was.
   */
  <T> T publish(Supplier<T> transaction) {
    requireOpen();
    try {
      T result = transaction.get();
      state = State.PUBLISHED;
      unpin();
      return result;
    } catch (EngineException e) {
      // A wait that was interrupted says nothing of the commit: then the pins stay, to the end of
      // the process, lest committed bytes be dropped from staging.
      if (e.code() == ErrorCode.SHUTTING_DOWN) {
        state = State.IN_DOUBT;
      }
      throw e;
    }
  }

  private void unpin() {
    runs.forEach(run -> pins.unpin(run.slice().segment()));
    runs.clear();
    buffer = ByteBuffer.allocate(0);
    stream.close();
  }

  @Override
  public void close() {
    if (state == State.OPEN || state == State.BROKEN) {
      state = State.CLOSED;
      unpin();
    }
  }
}
