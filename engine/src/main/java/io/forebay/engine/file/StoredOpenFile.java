package io.forebay.engine.file;

import io.forebay.ambient.Invariant;
import io.forebay.engine.Caller;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileSystem;
import io.forebay.engine.InodeId;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenFile;
import io.forebay.engine.Payload;
import io.forebay.engine.ReadResult;
import io.forebay.engine.Stability;
import io.forebay.engine.cache.Readahead;
import io.forebay.engine.cache.SegmentReader.Intent;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** A file held open through one view. An operation under way keeps it so. Thread-safe. */
final class StoredOpenFile implements OpenFile {
  private final FileLayer layer;
  private final LiveFile live;
  private final Caller caller;
  private final OpenAccess access;
  private final Durability durability;
  private final ReentrantLock lock = new ReentrantLock();
  private final Readahead readahead = Readahead.standard();
  private int active;
  private boolean closed;

  /** Takes over a hold of the inode and a use of the live file. */
  StoredOpenFile(
      FileLayer layer, LiveFile live, Caller caller, OpenAccess access, Durability durability) {
    this.layer = layer;
    this.live = live;
    this.caller = caller;
    this.access = access;
    this.durability = durability;
    if (access.writes()) {
      live.requireLevel(durability);
    }
  }

  @Override
  public InodeId inode() {
    return live.id();
  }

  @Override
  public OpenAccess access() {
    return access;
  }

  LiveFile live() {
    return live;
  }

  @Override
  public ReadResult read(long offset, int length) {
    if (offset < 0 || length < 0 || length > FileSystem.MAX_TRANSFER) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "not a range to read");
    }
    require(access.reads(), "not open for reading");
    return during(() -> {
      long size = live.size();
      if (offset >= size || length == 0) {
        return new ReadResult(Payload.EMPTY, offset >= size);
      }
      Intent intent = noteRead(offset, (int) Math.min(length, size - offset), size);
      return layer.reader().read(live, offset, length, intent);
    });
  }

  private Intent noteRead(long offset, int length, long size) {
    Optional<Readahead.Range> ahead;
    Intent intent;
    lock.lock();
    try {
      ahead = readahead.onRead(offset, length, size);
      intent = readahead.intent();
    } finally {
      lock.unlock();
    }
    ahead.ifPresent(range ->
        layer
            .reader()
            .prefetch(
                live,
                loaded ->
                    live.find(range.offset(), FileReader.prefetchLength(range.length()), loaded)));
    return intent;
  }

  @Override
  public FileAttributes write(long offset, ByteBuffer data, Stability stability) {
    require(access.writes(), "not open for writing");
    layer.requireWritable();
    return during(() -> {
      layer.attributes().dropLentRights(caller, live);
      FileAttributes after = layer.writer().write(live, offset, data);
      data.position(data.limit());
      if (stability == Stability.DURABLE) {
        layer.commits().commit(live, durability);
        layer.acknowledge(live.id(), durability);
        return live.visible();
      }
      return after;
    });
  }

  @Override
  public void commit() {
    during(() -> {
      layer.commits().commit(live, durability);
      layer.acknowledge(live.id(), durability);
      return true;
    });
  }

  private void require(boolean allowed, String message) {
    if (!allowed) {
      throw new EngineException(ErrorCode.ACCESS_DENIED, live.id() + " is " + message);
    }
  }

  private <T> T during(Supplier<T> operation) {
    lock.lock();
    try {
      if (closed) {
        throw new EngineException(ErrorCode.STALE, live.id() + " was closed");
      }
      active++;
    } finally {
      lock.unlock();
    }
    try {
      return operation.get();
    } finally {
      end();
    }
  }

  private void end() {
    boolean last;
    lock.lock();
    try {
      active--;
      last = closed && active == 0;
    } finally {
      lock.unlock();
    }
    if (last) {
      layer.letGo(live);
    }
  }

  @Override
  public void close() {
    boolean last;
    lock.lock();
    try {
      Invariant.check(active >= 0, "operations end once");
      last = !closed && active == 0;
      closed = true;
    } finally {
      lock.unlock();
    }
    if (last) {
      layer.letGo(live);
    }
  }
}
