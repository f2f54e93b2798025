package io.forebay.engine.file;

import io.forebay.engine.BucketSetting;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.ObjectLock;
import io.forebay.engine.Versioning;
import java.nio.ByteBuffer;
import java.util.Map;

/** What the engine itself reads in a bucket's settings (docs/format.md, "Bucket settings"). */
public final class BucketRules {
  private static final int SIZE = Byte.BYTES + Long.BYTES + Byte.BYTES;

  private BucketRules() {}

  /**
   * What a new version gets in a bucket with object lock.
   *
   * @param mode NONE: nothing
   * @param nanos how long it is retained
   * @param years whether that was said in years
   */
  public record DefaultRetention(ObjectLock.Mode mode, long nanos, boolean years) {
    public static final DefaultRetention NONE =
        new DefaultRetention(ObjectLock.Mode.NONE, 0, false);
  }

  public static Versioning versioning(Map<BucketSetting, byte[]> settings) {
    byte[] value = settings.get(BucketSetting.VERSIONING);
    return value == null ? Versioning.OFF : Versioning.values()[value[0]];
  }

  public static byte[] encode(Versioning versioning) {
    return new byte[] {(byte) versioning.ordinal()};
  }

  public static DefaultRetention retention(Map<BucketSetting, byte[]> settings) {
    byte[] value = settings.get(BucketSetting.OBJECT_LOCK);
    if (value == null) {
      return DefaultRetention.NONE;
    }
    if (value.length != SIZE) {
      throw new EngineException(ErrorCode.CORRUPT, "a bucket's lock setting is malformed");
    }
    ByteBuffer in = ByteBuffer.wrap(value);
    return new DefaultRetention(ObjectLock.Mode.values()[in.get()], in.getLong(), in.get() == 1);
  }

  public static byte[] encode(DefaultRetention retention) {
    return ByteBuffer.allocate(SIZE)
        .put((byte) retention.mode().ordinal())
        .putLong(retention.nanos())
        .put((byte) (retention.years() ? 1 : 0))
        .array();
  }
}
