package io.forebay.s3.handler;

import io.forebay.ambient.Invariant;
import io.forebay.engine.ByteRange;
import io.forebay.engine.OpenObject;
import io.forebay.engine.Payload;
import io.forebay.s3.http.PayloadSource;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a pinned object on their way out, in pieces that grow: a small read is answered at
 * once, a long one costs few calls.
 */
final class ObjectSource implements PayloadSource {
  private static final int FIRST_BYTES = 256 << 10;
  private static final int MAX_BYTES = 1 << 20;

  private final OpenObject object;
  private final long end;
  private long position;
  private int step = FIRST_BYTES;
  private @Nullable Payload first;

  private ObjectSource(OpenObject object, ByteRange range) {
    this.object = object;
    this.position = range.offset();
    this.end = range.end();
  }

  /**
   * Begins. The first piece is read now, while an error can still be told.
   *
   * @param object owned by the source on success
   * @param range one byte or more of it
   */
  static ObjectSource open(OpenObject object, ByteRange range) {
    ObjectSource source = new ObjectSource(object, range);
    source.first = source.read();
    return source;
  }

  @Override
  public Payload next() {
    Payload ready = first;
    if (ready != null) {
      first = null;
      return ready;
    }
    return read();
  }

  private Payload read() {
    int length = (int) Math.min(step, end - position);
    Invariant.check(length > 0, "read beyond what was promised");
    Payload payload = object.read(position, length);
    if (payload.length() == 0) {
      payload.close();
      throw new IllegalStateException("a pinned object ended early");
    }
    position += payload.length();
    step = Math.min(step * 2, MAX_BYTES);
    return payload;
  }

  @Override
  public void close() {
    Payload unsent = first;
    first = null;
    if (unsent != null) {
      unsent.close();
    }
    object.close();
  }
}
