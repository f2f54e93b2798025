package io.forebay.engine;

/**
 * An S3 access key and whose it is.
 *
 * @param id the access key id: 3 to 128 characters of {@code [A-Za-z0-9_-]}
 * @param secret the secret key: 8 to 128 printable ASCII characters; never logged
 * @param owner on whose behalf requests with this key run
 * @param label for people; may be empty
 * @param createdNanos since 1970-01-01T00:00:00Z
 * @param enabled a disabled key authenticates nobody
 */
public record AccessKey(
    String id, String secret, Caller owner, String label, long createdNanos, boolean enabled) {
  /** Without the secret. */
  @Override
  public String toString() {
    return "access key " + id + " (uid " + Integer.toUnsignedString(owner.uid()) + ")";
  }
}
