package io.forebay.s3.auth;

import io.forebay.engine.AccessKey;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Derived keys of the last used (access key, day): a derivation costs four HMACs, a request two. A
 * secret that was replaced is another entry. The lock covers map accesses only.
 */
final class SigningKeys {
  private record Origin(String keyId, String secret, String date) {
    @Override
    public String toString() {
      return keyId + " on " + date;
    }
  }

  private final String region;
  private final int maxEntries;
  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<Origin, SigningKey> keys = new LinkedHashMap<>(16, 0.75f, true);

  SigningKeys(String region, int maxEntries) {
    this.region = region;
    this.maxEntries = maxEntries;
  }

  SigningKey of(AccessKey accessKey, String date) {
    Origin origin = new Origin(accessKey.id(), accessKey.secret(), date);
    lock.lock();
    try {
      SigningKey known = keys.get(origin);
      if (known != null) {
        return known;
      }
    } finally {
      lock.unlock();
    }
    SigningKey derived = SigningKey.derive(accessKey.secret(), date, region);
    lock.lock();
    try {
      keys.put(origin, derived);
      if (keys.size() > maxEntries) {
        Map.Entry<Origin, SigningKey> eldest = keys.firstEntry();
        keys.remove(eldest.getKey());
      }
    } finally {
      lock.unlock();
    }
    return derived;
  }

  int size() {
    lock.lock();
    try {
      return keys.size();
    } finally {
      lock.unlock();
    }
  }
}
