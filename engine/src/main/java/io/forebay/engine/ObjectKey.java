package io.forebay.engine;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A key that a path can carry: 1 to 1,024 bytes of UTF-8, components of 1 to 255 bytes split by
 * single slashes, none of them {@code "."} or {@code ".."}, no NUL; one trailing slash makes it a
 * directory's. Never normalised.
 */
public final class ObjectKey {
  /** The longest key, in bytes. */
  public static final int MAX_BYTES = 1024;

  private final String value;
  private final List<FileName> components;
  private final boolean directory;

  private ObjectKey(String value, List<FileName> components, boolean directory) {
    this.value = value;
    this.components = List.copyOf(components);
    this.directory = directory;
  }

  /**
   * Checks.
   *
   * @throws EngineException {@link ErrorCode#INVALID_KEY}, {@link ErrorCode#KEY_TOO_LONG}
   */
  public static ObjectKey of(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > MAX_BYTES) {
      throw new EngineException(ErrorCode.KEY_TOO_LONG, "a key has at most 1024 bytes");
    }
    if (!key.equals(new String(bytes, StandardCharsets.UTF_8))) {
      throw new EngineException(ErrorCode.INVALID_KEY, "a key is well-formed Unicode");
    }
    boolean directory = key.endsWith("/");
    String path = directory ? key.substring(0, key.length() - 1) : key;
    List<FileName> components = new ArrayList<>();
    for (String component : path.split("/", -1)) {
      try {
        components.add(FileName.of(component));
      } catch (EngineException e) {
        ErrorCode code =
            e.code() == ErrorCode.NAME_TOO_LONG ? ErrorCode.KEY_TOO_LONG : ErrorCode.INVALID_KEY;
        throw new EngineException(code, "a key's segments are names: " + e.getMessage());
      }
    }
    return new ObjectKey(key, components, directory);
  }

  /** As it came. */
  public String value() {
    return value;
  }

  /** From the bucket down; one or more. */
  public List<FileName> components() {
    return components;
  }

  /** Whether the key ends in a slash. */
  public boolean isDirectory() {
    return directory;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ObjectKey that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return value;
  }
}
