package io.forebay.engine;

import java.util.List;
import java.util.Optional;

/** Who callers are. Durable on return. */
public interface Identity {
  /** A key by its id; answered from memory once known. Disabled keys are found too. */
  Optional<AccessKey> accessKey(String id);

  /** Adds or replaces a key. {@link ErrorCode#INVALID_ARGUMENT} outside the bounds it states. */
  void putAccessKey(AccessKey key);

  void removeAccessKey(String id);

  /** All keys, by id. */
  List<AccessKey> accessKeys();
}
