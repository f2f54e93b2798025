package io.forebay.engine.metadata;

import io.forebay.engine.AccessKey;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.Identity;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Access keys on the metadata store. */
public final class StoredIdentity implements Identity {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{3,128}");
  private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7e]{8,128}");
  private static final int CACHED = 10_000;

  private final MetadataStore store;
  private final CommittedCache<String, AccessKey> cache = new CommittedCache<>(CACHED);

  public StoredIdentity(MetadataStore store) {
    this.store = store;
  }

  @Override
  public Optional<AccessKey> accessKey(String id) {
    if (!ID.matcher(id).matches()) {
      return Optional.empty();
    }
    return cache.get(id, key -> store.read(snapshot -> snapshot.accessKeys().find(key)));
  }

  @Override
  public void putAccessKey(AccessKey key) {
    if (!ID.matcher(key.id()).matches() || !SECRET.matcher(key.secret()).matches()) {
      throw new EngineException(
          ErrorCode.INVALID_ARGUMENT,
          "an access key id has 3 to 128 of A-Z a-z 0-9 _ -, a secret key 8 to 128 printable"
              + " characters");
    }
    store.write(transaction -> {
      transaction.accessKeys().put(key);
      transaction.onCommit(() -> cache.publish(key.id(), Optional.of(key)));
      return key;
    });
  }

  @Override
  public void removeAccessKey(String id) {
    store.write(transaction -> {
      transaction.accessKeys().delete(id);
      transaction.onCommit(() -> cache.publish(id, Optional.empty()));
      return id;
    });
  }

  @Override
  public List<AccessKey> accessKeys() {
    return store.read(snapshot -> snapshot.accessKeys().list());
  }
}
