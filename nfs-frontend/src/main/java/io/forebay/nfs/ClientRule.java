package io.forebay.nfs;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * What clients of a range of addresses may do.
 *
 * @param cidr an address, or an address and a prefix length: "10.0.0.0/8", "::1", "0.0.0.0/0";
 *     never a host name
 * @param readOnly whether changes are refused with NFS4ERR_ROFS
 * @param squash which users become the anonymous one
 * @param anonymousUid unsigned 32-bit; also whoever calls without AUTH_SYS
 * @param anonymousGid unsigned 32-bit
 */
public record ClientRule(
    String cidr, boolean readOnly, Squash squash, int anonymousUid, int anonymousGid) {
  /** Which users become the anonymous one. */
  public enum Squash {
    NONE,
    /** Uid 0 and gid 0 (root_squash). */
    ROOT,
    ALL
  }

  public ClientRule {
    Network unused = Network.parse(cidr);
  }

  /** Whether the rule is about this address. An IPv4 rule also covers IPv4-mapped addresses. */
  public boolean matches(InetAddress address) {
    return Network.parse(cidr).contains(address);
  }

  private record Network(byte[] base, int prefix) {
    static Network parse(String cidr) {
      int slash = cidr.indexOf('/');
      String literal = slash < 0 ? cidr : cidr.substring(0, slash);
      byte[] base = address(cidr, literal);
      int bits = base.length * Byte.SIZE;
      int prefix = bits;
      if (slash >= 0) {
        try {
          prefix = Integer.parseInt(cidr.substring(slash + 1));
        } catch (NumberFormatException e) {
          throw new IllegalArgumentException("not a prefix length: " + cidr, e);
        }
      }
      if (prefix < 0 || prefix > bits) {
        throw new IllegalArgumentException("not a prefix length: " + cidr);
      }
      return new Network(base, prefix);
    }

    private static byte[] address(String cidr, String literal) {
      if (literal.isEmpty() || !literal.matches("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
        throw new IllegalArgumentException("not an address or range of addresses: " + cidr);
      }
      try {
        return InetAddress.getByName(literal).getAddress();
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException("not an address or range of addresses: " + cidr, e);
      }
    }

    boolean contains(InetAddress address) {
      byte[] bytes = address.getAddress();
      if (bytes.length != base.length) {
        return false;
      }
      int whole = prefix / Byte.SIZE;
      for (int i = 0; i < whole; i++) {
        if (bytes[i] != base[i]) {
          return false;
        }
      }
      int rest = prefix % Byte.SIZE;
      int mask = 0xff << (Byte.SIZE - rest);
      return rest == 0 || (bytes[whole] & mask) == (base[whole] & mask);
    }
  }
}
