package io.forebay.nfs.handler;

import io.forebay.engine.FileName;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.xdr.Opaque;

/** Which {@code component4} names an entry (RFC 8881 sections 14.5 and 15.1.3). */
final class NameRules {
  private NameRules() {}

  /**
   * Checks. Bytes that are no UTF-8 are taken: they are somebody's file names.
   *
   * @throws NfsException INVAL for an empty name; NAMETOOLONG; BADCHAR for a slash or NUL; BADNAME
   *     for {@code "."} and {@code ".."}
   */
  static FileName require(Opaque name) {
    if (name.length() == 0) {
      throw new NfsException(NfsStatus.INVAL);
    }
    if (name.length() > FileName.MAX_BYTES) {
      throw new NfsException(NfsStatus.NAMETOOLONG);
    }
    byte[] bytes = name.toBytes();
    for (byte b : bytes) {
      if (b == '/' || b == 0) {
        throw new NfsException(NfsStatus.BADCHAR);
      }
    }
    if (bytes[0] == '.' && (bytes.length == 1 || (bytes.length == 2 && bytes[1] == '.'))) {
      throw new NfsException(NfsStatus.BADNAME);
    }
    return FileName.of(bytes);
  }
}
