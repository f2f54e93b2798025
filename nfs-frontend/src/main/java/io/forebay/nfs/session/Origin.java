package io.forebay.nfs.session;

import io.forebay.nfs.rpc.Credential;

/** Where a request came from, and who it says it is from. */
public record Origin(Connection connection, Credential credential) {
  Principal principal() {
    return Principal.of(credential);
  }
}
