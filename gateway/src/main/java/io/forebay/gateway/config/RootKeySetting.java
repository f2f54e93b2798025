package io.forebay.gateway.config;

/** The access key that acts as root, as it was configured. */
public record RootKeySetting(String id, String secret) {
  /** Without the secret. */
  @Override
  public String toString() {
    return id;
  }
}
