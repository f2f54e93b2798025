package io.forebay.engine.segment;

import io.forebay.ambient.Invariant;
import io.forebay.engine.EngineException;
import io.forebay.engine.InodeId;
import io.forebay.engine.segment.StagedSegment.Reservation;
import io.forebay.engine.segment.Staging.Placement;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A writer: places its appends one after another, writes them outside of any lock. */
final class StagingStream implements AppendStream {
  private final Staging staging;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean large;
  private long appended;
  private @Nullable StagedSegment own;

  StagingStream(Staging staging, boolean large) {
    this.staging = staging;
    this.large = large;
  }

  @Override
  public List<SegmentRun> append(InodeId inode, long fileOffset, ByteBuffer data) {
    int length = data.remaining();
    Invariant.check(length > 0, "nothing to append");
    staging.admit(length);
    List<SegmentRun> runs = new ArrayList<>(1);
    List<Placement> placements = List.of();
    int tried = 0;
    int done = 0;
    try {
      placements = place(length);
      for (Placement placement : placements) {
        tried++;
        ByteBuffer bytes = data.slice(data.position() + done, placement.slice().length());
        runs.add(write(placement, inode, fileOffset + done, bytes));
        done += placement.slice().length();
      }
      data.position(data.limit());
      return List.copyOf(runs);
    } finally {
      if (done < length) {
        placements.subList(tried, placements.size()).forEach(this::abandon);
        runs.forEach(run -> staging.pins().unpin(run.slice().segment()));
        staging.giveBack(length - done);
      }
    }
  }

  private void abandon(Placement placement) {
    placement.segment().abandon(staging.pins());
  }

  private List<Placement> place(int length) {
    lock.lock();
    List<Placement> placements = new ArrayList<>(1);
    int placed = 0;
    boolean complete = false;
    try {
      appended += length;
      large |= appended > Staging.OWN_SEGMENT_THRESHOLD;
      while (placed < length) {
        Placement next =
            large ? staging.placeInOwn(own, length - placed) : staging.placeInPack(length - placed);
        if (large) {
          own = next.segment();
        }
        placements.add(next);
        placed += next.slice().length();
      }
      complete = true;
      return placements;
    } finally {
      if (!complete) {
        placements.forEach(this::abandon);
      }
      lock.unlock();
    }
  }

  private SegmentRun write(Placement placement, InodeId inode, long fileOffset, ByteBuffer bytes) {
    StagedSegment segment = placement.segment();
    try {
      return segment.write(
          new Reservation(placement.slice(), inode, fileOffset, staging.pins()),
          bytes,
          staging::makeRoom);
    } catch (IOException e) {
      EngineException translated = DiskErrors.translate("cannot write to staging", e);
      staging.retire(segment);
      throw translated;
    }
  }

  @Override
  public void close() {
    // The own segment is sealed by the upload delay, or taken over by nobody: nothing to do.
  }
}
