package io.forebay.engine.bucket;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileSystem;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.OpenObject;
import io.forebay.engine.Payload;
import io.forebay.engine.cache.Readahead;
import io.forebay.engine.file.PinnedContent;

/** A file's content of one moment, read ahead as a stream. */
final class PinnedObject implements OpenObject {
  private final ObjectInfo info;
  private final PinnedContent content;
  private final Readahead readahead = Readahead.standard();

  PinnedObject(ObjectInfo info, PinnedContent content) {
    this.info = info;
    this.content = content;
  }

  /** An explicit directory: nothing to read. */
  static OpenObject empty(ObjectInfo info) {
    return new OpenObject() {
      @Override
      public ObjectInfo info() {
        return info;
      }

      @Override
      public Payload read(long offset, int length) {
        check(offset, length);
        return Payload.EMPTY;
      }

      @Override
      public void close() {
        // Nothing was pinned.
      }
    };
  }

  private static void check(long offset, int length) {
    if (offset < 0 || length < 0 || length > FileSystem.MAX_TRANSFER) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "not a range that can be read at once");
    }
  }

  @Override
  public ObjectInfo info() {
    return info;
  }

  @Override
  public Payload read(long offset, int length) {
    check(offset, length);
    long left = info.size() - offset;
    if (left <= 0 || length == 0) {
      return Payload.EMPTY;
    }
    int count = (int) Math.min(left, length);
    readahead
        .onRead(offset, count, info.size())
        .ifPresent(ahead -> content.prefetch(ahead.offset(), ahead.length()));
    return content.read(offset, count, readahead.intent());
  }

  @Override
  public void close() {
    content.close();
  }
}
