package io.forebay.nfs.session;

import io.forebay.nfs.rpc.Credential;

/**
 * Who is behind a credential, as far as client ids are concerned (RFC 8881 section 18.35). With
 * AUTH_SYS that is the user: groups and machine names change without the client being another.
 *
 * @param authenticated whether there is a user at all
 * @param uid unsigned; 0 without a user
 */
record Principal(boolean authenticated, int uid) {
  static Principal of(Credential credential) {
    return switch (credential) {
      case Credential.None none -> new Principal(false, 0);
      case Credential.Sys sys -> new Principal(true, sys.uid());
    };
  }
}
