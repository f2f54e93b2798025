package io.forebay.engine.segment;

import io.forebay.ambient.Invariant;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One segment while staging has it. The lock guards the fields and is never held over a disk
 * access: an append reserves its place under the lock, writes without it, and then reports.
 */
final class StagedSegment {
  /** Where a segment stands; only ever forward. */
  enum Phase {
    /** Takes appends. */
    OPEN,
    /** Takes none; appends under way finish, then the trailer is written. */
    SEALING,
    /** Complete on disk. */
    SEALED,
    /** In the bucket; the file is the cache's. Here only until its row says so too. */
    STORED,
    /** Its bytes are not what was written. */
    LOST,
    /** Nobody refers to it any more: file and object are gone. */
    DROPPED
  }

  private final SegmentId id;
  private final Path path;
  private final LazyFile file;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<SegmentRun> runs = new ArrayList<>();
  private Phase phase = Phase.OPEN;
  private int reserved;
  private int reservations;
  private long charged;
  private int inFlight;
  private int durableRuns;
  private boolean forcing;
  private boolean nameDurable;
  private long firstAppendNanos;
  private @Nullable IOException poison;
  private @Nullable PageChecksums pages;
  private long objectCrc = -1;
  private long objectLength;
  private boolean uploadFailed;
  private boolean urgent;
  private boolean stopped;

  /** A new one, or one found at start. */
  StagedSegment(SegmentId id, Path path, SegmentFiles files) {
    this.id = id;
    this.path = path;
    this.file = new LazyFile(path, files);
  }

  SegmentId id() {
    return id;
  }

  Path path() {
    return path;
  }

  /** Creates the file of a new segment. */
  void create() throws IOException {
    file.create();
  }

  /** The file, opened when it is not. */
  SegmentFiles.StoredFile stored() throws IOException {
    return file.stored();
  }

  /** The file has been written anew, because the old one cannot be believed any more. */
  void replaceFile(SegmentFiles.StoredFile fresh) throws IOException {
    file.replace(fresh);
  }

  /** Closes the file; {@link #stored} opens it again. Only when nothing is under way on it. */
  void closeFile() throws IOException {
    file.close();
  }

  // --- appending

  /**
   * Reserves room and pins the segment.
   *
   * @param whole whether to take all or nothing
   * @return the slice, or null when this segment takes no more
   */
  @Nullable SegmentSlice reserve(
      int wanted, boolean whole, int capacity, long nowNanos, SegmentPins pins) {
    lock.lock();
    try {
      int room = capacity - reserved;
      if (phase != Phase.OPEN
          || poison != null
          || room <= 0
          || (whole && room < wanted && reserved > 0)
          || reservations >= SegmentFormat.MAX_RUNS) {
        return null;
      }
      if (reserved == 0) {
        firstAppendNanos = nowNanos;
      }
      SegmentSlice slice = new SegmentSlice(id, reserved, Math.min(room, wanted));
      reserved += slice.length();
      reservations++;
      inFlight++;
      pins.pin(id);
      return slice;
    } finally {
      lock.unlock();
    }
  }

  /** Writes reserved bytes; the pin stays when it returns, and not when it throws. */
  SegmentRun write(Reservation place, ByteBuffer bytes, RoomMaker roomMaker) throws IOException {
    boolean written = false;
    IOException failure = null;
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    SegmentSlice slice = place.slice();
    SegmentRun run = new SegmentRun(slice, place.inode(), place.fileOffset(), (int) crc.getValue());
    try {
      roomMaker.write(stored(), bytes, slice.offset());
      written = true;
      return run;
    } catch (IOException e) {
      failure = e;
      throw e;
    } finally {
      lock.lock();
      try {
        inFlight--;
        if (written) {
          runs.add(run);
          charged += slice.length();
        } else {
          poisonUnlessFull(failure);
          place.pins().unpin(id);
        }
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** A full disk has refused these bytes; it has thrown nothing away that it took before. */
  private void poisonUnlessFull(@Nullable IOException failure) {
    if (poison == null && failure != null && !DiskErrors.isFull(failure)) {
      poison = failure;
    }
  }

  /**
   * A place for bytes to come.
   *
   * @param inode whose bytes
   * @param fileOffset where in the file
   * @param pins has one for it
   */
  record Reservation(SegmentSlice slice, InodeId inode, long fileOffset, SegmentPins pins) {}

  /** Gives a reservation up unwritten: its place stays a gap that no run names. */
  void abandon(SegmentPins pins) {
    lock.lock();
    try {
      inFlight--;
      pins.unpin(id);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // --- durability

  /** Makes completed appends durable; concurrent callers share one force. */
  void sync(DirectoryForce directory) {
    lock.lock();
    try {
      int target = runs.size();
      while (durableRuns < target && !isSealed()) {
        throwIfNotDurable();
        if (forcing) {
          changed.awaitUninterruptibly();
        } else {
          forceOnce(directory);
        }
      }
      throwIfNotDurable();
    } finally {
      lock.unlock();
    }
  }

  /** Whether it was forced as a whole; what it forgets of its runs then, its trailer knows. */
  private boolean isSealed() {
    return phase.compareTo(Phase.SEALED) >= 0;
  }

  private void throwIfNotDurable() {
    IOException cause = poison;
    if (cause != null || phase == Phase.LOST) {
      throw new EngineException(ErrorCode.IO, id + " could not be made durable", cause);
    }
  }

  /** Called with the lock, which it lets go of during the force. */
  private void forceOnce(DirectoryForce directory) {
    forcing = true;
    int target = runs.size();
    boolean withName = !nameDurable;
    IOException failure = null;
    lock.unlock();
    try {
      stored().force();
      if (withName) {
        directory.force();
      }
    } catch (IOException e) {
      failure = e;
    } finally {
      lock.lock();
      forcing = false;
      changed.signalAll();
    }
    if (isSealed()) {
      // Meanwhile somebody else has forced all of it, and may have taken the file away since.
      return;
    }
    if (failure == null) {
      durableRuns = Math.max(durableRuns, target);
      nameDurable = true;
    } else if (poison == null) {
      poison = failure;
    }
  }

  /**
   * Forces the file for its seal, never beside another force: the kernel tells an error once, and
   * the one that is not told would take lost bytes for durable. For the same reason a failure is
   * one for ever: what no force before it covered must not be committed, whatever the next says.
   */
  void forceForSeal() throws IOException {
    locked(() -> {
      while (forcing) {
        changed.awaitUninterruptibly();
      }
      forcing = true;
    });
    IOException failure = null;
    try {
      stored().force();
    } catch (IOException e) {
      failure = e;
      throw e;
    } finally {
      IOException seen = failure;
      locked(() -> {
        forcing = false;
        poison = poison == null ? seen : poison;
      });
    }
  }

  // --- sealing

  /** Ends appends; true for the one caller that is to seal it. */
  boolean beginSealing() {
    lock.lock();
    try {
      if (phase != Phase.OPEN) {
        return false;
      }
      phase = Phase.SEALING;
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Whether there is an append that has waited for {@code delayNanos}. */
  boolean isDue(long nowNanos, long delayNanos) {
    lock.lock();
    try {
      return phase == Phase.OPEN
          && reserved > 0
          && (poison != null || nowNanos - firstAppendNanos >= delayNanos);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no append and no force is under way. */
  void awaitQuiet() {
    lock.lock();
    try {
      Invariant.check(phase != Phase.OPEN, "an open segment does not get quiet");
      while (inFlight > 0 || forcing) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Completed runs; with {@code durable} only those a successful force covers. */
  List<SegmentRun> runs(boolean durable) {
    lock.lock();
    try {
      return List.copyOf(durable ? runs.subList(0, durableRuns) : runs);
    } finally {
      lock.unlock();
    }
  }

  boolean isPoisoned() {
    return inspect(() -> poison != null);
  }

  /** The file is complete and durable. */
  void sealed(PageChecksums checksums, long crcOfObject, long lengthOfObject) {
    lock.lock();
    try {
      Invariant.check(phase == Phase.SEALING || phase == Phase.OPEN, "sealed twice");
      phase = Phase.SEALED;
      pages = checksums;
      objectCrc = crcOfObject;
      objectLength = lengthOfObject;
      reserved = checksums.dataLength();
      nameDurable = true;
      if (poison == null) {
        // The trailer has them now.
        runs.clear();
      }
      durableRuns = runs.size();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void become(Phase next) {
    lock.lock();
    try {
      Invariant.check(next.compareTo(phase) > 0, "a segment only goes forward");
      phase = next;
      if (next != Phase.SEALING && poison == null) {
        runs.clear();
        durableRuns = 0;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Phase phase() {
    return inspect(() -> phase);
  }

  /** Page checksums, once sealed. */
  @Nullable PageChecksums pages() {
    lock.lock();
    try {
      return pages;
    } finally {
      lock.unlock();
    }
  }

  long objectCrc() {
    return inspect(() -> objectCrc);
  }

  long objectLength() {
    return inspect(() -> objectLength);
  }

  /** End of what has been reserved so far; nothing lies beyond. */
  int reserved() {
    return inspect(() -> reserved);
  }

  /** Bytes that the budget was charged for this segment; the caller gives them back. */
  long takeCharge() {
    lock.lock();
    try {
      long taken = charged;
      charged = 0;
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Of a segment found at start. */
  void charge(long bytes) {
    locked(() -> charged = bytes);
  }

  /** Somebody waits for the upload. */
  void hasten() {
    locked(() -> urgent = true);
  }

  boolean isUrgent() {
    return inspect(() -> urgent);
  }

  /** Remembers that an upload failed, so that those who wait may give up. */
  void uploadFailed() {
    locked(() -> uploadFailed = true);
  }

  boolean hasUploadFailed() {
    return inspect(() -> uploadFailed);
  }

  /** Nobody works on it any more in this process: wakes those who wait, for good. */
  void stop() {
    locked(() -> stopped = true);
  }

  /**
   * Waits until the segment is in the bucket or will never be, is {@link #stop stopped}, the time
   * is up, or the thread is interrupted.
   *
   * @return the phase; {@link Phase#SEALED} or before when it gave up
   */
  Phase awaitStored(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (phase.compareTo(Phase.STORED) < 0 && left > 0 && !stopped) {
        left = changed.awaitNanos(left);
      }
      return phase;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return phase;
    } finally {
      lock.unlock();
    }
  }

  private <T> T inspect(Supplier<T> reading) {
    lock.lock();
    try {
      return reading.get();
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
