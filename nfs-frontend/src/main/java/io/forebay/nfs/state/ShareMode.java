package io.forebay.nfs.state;

import io.forebay.engine.OpenAccess;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsStatus;

/**
 * What an open does and what it keeps others from doing (RFC 8881 section 9.7).
 *
 * @param access OPEN4_SHARE_ACCESS: 1 read, 2 write, 3 both
 * @param deny OPEN4_SHARE_DENY: 0 nothing, 1 reading, 2 writing, 3 both
 */
public record ShareMode(int access, int deny) {
  static final int READ = 1;
  static final int WRITE = 2;
  static final int BOTH = 3;

  /**
   * Checks.
   *
   * @throws NfsException INVAL for anything but the values above (section 18.16.4); flags that wish
   *     for delegations are to be masked off before
   */
  public ShareMode {
    if (access < READ || access > BOTH || deny < 0 || deny > BOTH) {
      throw new NfsException(NfsStatus.INVAL);
    }
  }

  /** What the engine's open file is for. */
  public OpenAccess openAccess() {
    return switch (access) {
      case READ -> OpenAccess.READ;
      case WRITE -> OpenAccess.WRITE;
      default -> OpenAccess.READ_WRITE;
    };
  }

  boolean conflictsWith(ShareMode that) {
    return (access & that.deny) != 0 || (deny & that.access) != 0;
  }

  boolean covers(ShareMode that) {
    return (that.access & ~access) == 0 && (that.deny & ~deny) == 0;
  }

  ShareMode union(ShareMode that) {
    return new ShareMode(access | that.access, deny | that.deny);
  }
}
