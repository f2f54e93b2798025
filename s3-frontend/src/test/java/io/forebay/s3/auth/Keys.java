package io.forebay.s3.auth;

import io.forebay.engine.AccessKey;
import io.forebay.engine.Caller;
import io.forebay.engine.Identity;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Identities in memory. */
final class Keys implements Identity {
  /** The key of S3's published examples. */
  static final AccessKey EXAMPLE =
      new AccessKey(
          "AKIAIOSFODNN7EXAMPLE",
          "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
          Caller.of(7, 7),
          "",
          0,
          true);

  private final Map<String, AccessKey> keys = new ConcurrentHashMap<>();

  Keys() {
    putAccessKey(EXAMPLE);
  }

  @Override
  public Optional<AccessKey> accessKey(String id) {
    return Optional.ofNullable(keys.get(id));
  }

  @Override
  public void putAccessKey(AccessKey key) {
    keys.put(key.id(), key);
  }

  @Override
  public void removeAccessKey(String id) {
    keys.remove(id);
  }

  @Override
  public List<AccessKey> accessKeys() {
    return List.copyOf(keys.values());
  }
}
