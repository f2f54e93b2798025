package io.forebay.engine.bucket;

import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.ObjectProperties;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The properties column of an object row, of an upload and of a part (docs/format.md, "Object
 * properties"): a version byte, a flag byte, then headers, user metadata, checksums and tags, each
 * as a count and that many pairs of name and value. Counts are varints (LEB128); strings are UTF-8
 * after their length as a varint.
 *
 * @param properties what S3 sees
 * @param keepsDirectory of an explicit directory: it was there before it became an object, so that
 *     it stays when the object is deleted
 */
record StoredProperties(ObjectProperties properties, boolean keepsDirectory) {
  /** The most bytes an encoding has: S3's own limits allow less than a third of it. */
  static final int MAX_BYTES = 64 << 10;

  private static final int VERSION = 1;
  private static final int KEEPS_DIRECTORY = 1;

  static StoredProperties of(ObjectProperties properties) {
    return new StoredProperties(properties, false);
  }

  /**
   * Encodes.
   *
   * @throws EngineException {@link ErrorCode#INVALID_ARGUMENT} above {@link #MAX_BYTES}
   */
  byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    out.write(VERSION);
    out.write(keepsDirectory ? KEEPS_DIRECTORY : 0);
    for (SortedMap<String, String> map : maps(properties)) {
      writeNumber(out, map.size());
      map.forEach((name, value) -> {
        writeString(out, name);
        writeString(out, value);
      });
      if (out.size() > MAX_BYTES) {
        throw new EngineException(
            ErrorCode.INVALID_ARGUMENT, "headers, metadata and tags have at most 64 KiB in all");
      }
    }
    return out.toByteArray();
  }

  private static List<SortedMap<String, String>> maps(ObjectProperties properties) {
    return List.of(
        properties.headers(), properties.userMetadata(), properties.checksums(), properties.tags());
  }

  private static void writeString(ByteArrayOutputStream out, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    writeNumber(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void writeNumber(ByteArrayOutputStream out, int number) {
    int rest = number;
    while (rest >= 0x80) {
      out.write((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    out.write(rest);
  }

  /**
   * Decodes what {@link #encode} made.
   *
   * @throws EngineException {@link ErrorCode#CORRUPT} for anything else, {@link
   *     ErrorCode#NOT_SUPPORTED} for a later version's
   */
  static StoredProperties decode(byte[] encoded) {
    ByteBuffer in = ByteBuffer.wrap(encoded);
    if (encoded.length < 2 || encoded.length > MAX_BYTES) {
      throw malformed();
    }
    int version = in.get();
    if (version != VERSION) {
      throw new EngineException(
          ErrorCode.NOT_SUPPORTED, "object properties have version " + version);
    }
    int flags = in.get();
    if ((flags & ~KEEPS_DIRECTORY) != 0) {
      throw malformed();
    }
    ObjectProperties properties =
        new ObjectProperties(readMap(in), readMap(in), readMap(in), readMap(in));
    if (in.hasRemaining()) {
      throw malformed();
    }
    return new StoredProperties(properties, flags == KEEPS_DIRECTORY);
  }

  private static SortedMap<String, String> readMap(ByteBuffer in) {
    SortedMap<String, String> map = new TreeMap<>();
    // Each pair is read from what is left, so a count without pairs ends at once.
    for (int left = readNumber(in); left > 0; left--) {
      String name = readString(in);
      if (map.put(name, readString(in)) != null) {
        throw malformed();
      }
    }
    return map;
  }

  private static String readString(ByteBuffer in) {
    int length = readNumber(in);
    if (length > in.remaining()) {
      throw malformed();
    }
    ByteBuffer bytes = in.slice(in.position(), length);
    in.position(in.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw malformed();
    }
  }

  /** Of at most three bytes: {@link #MAX_BYTES} needs no more. */
  private static int readNumber(ByteBuffer in) {
    int number = 0;
    for (int shift = 0; shift < 21; shift += 7) {
      if (!in.hasRemaining()) {
        throw malformed();
      }
      int next = in.get();
      number |= (next & 0x7f) << shift;
      if ((next & 0x80) == 0) {
        return number;
      }
    }
    throw malformed();
  }

  private static EngineException malformed() {
    return new EngineException(ErrorCode.CORRUPT, "stored object properties are malformed");
  }
}
