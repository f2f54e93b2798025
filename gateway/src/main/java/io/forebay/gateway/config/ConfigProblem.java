package io.forebay.gateway.config;

/**
 * One thing that is wrong with the configuration.
 *
 * @param origin where it was said: "forebay.toml:12", "variable FOREBAY_NFS_PORT", "--nfs-port"
 * @param message what is wrong, without the value of a secret
 */
public record ConfigProblem(String origin, String message) {
  @Override
  public String toString() {
    return origin + ": " + message;
  }
}
