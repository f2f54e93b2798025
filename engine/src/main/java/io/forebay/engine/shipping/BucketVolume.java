package io.forebay.engine.shipping;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.VolumeId;
import io.forebay.engine.metadata.Volume;
import io.forebay.engine.object.ObjectStore;
import io.forebay.engine.object.StoreException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The object that says whose bucket it is (docs/format.md, section "The bucket"). */
public final class BucketVolume {
  /** Its key. */
  public static final String KEY = "volume";

  /** Of it, at the most. */
  public static final int MAX_BYTES = 4096;

  private static final Pattern TEXT =
      Pattern.compile(
          "forebay volume\nformat 1\nuuid ([0-9a-f-]{36})\nsegment_bytes (\\d{1,9})\n"
              + "created_ns (\\d{1,19})\n");

  private BucketVolume() {}

  /** The same bytes at every start, so that a repeated first attempt finds its own. */
  public static ByteBuffer encode(Volume volume) {
    String text =
        "forebay volume\nformat 1\nuuid %s\nsegment_bytes %d\ncreated_ns %d\n"
            .formatted(volume.id(), volume.segmentBytes(), volume.createdNanos());
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  static Volume read(ObjectStore store) {
    String text;
    try {
      text = StandardCharsets.UTF_8.decode(store.fetch(KEY, MAX_BYTES).bytes()).toString();
    } catch (StoreException e) {
      if (e.kind() == StoreException.Kind.MISSING) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT, "the bucket (" + store.describe() + ") holds no volume");
      }
      throw e;
    }
    Matcher found = TEXT.matcher(text);
    if (!found.matches()) {
      throw new EngineException(
          ErrorCode.CORRUPT, "the object that says whose bucket this is makes no sense: " + text);
    }
    return new Volume(
        new VolumeId(UUID.fromString(found.group(1))),
        Integer.parseInt(found.group(2)),
        Long.parseLong(found.group(3)));
  }
}
