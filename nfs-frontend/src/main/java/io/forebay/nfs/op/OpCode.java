package io.forebay.nfs.op;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code nfs_opnum4} of minor versions 1 and 2 (RFC 8881 section 16.2.1, RFC 7862 section 14, RFC
 * 8276 section 8.3).
 */
public enum OpCode {
  ACCESS(3),
  CLOSE(4),
  COMMIT(5),
  CREATE(6),
  DELEGPURGE(7),
  DELEGRETURN(8),
  GETATTR(9),
  GETFH(10),
  LINK(11),
  LOCK(12),
  LOCKT(13),
  LOCKU(14),
  LOOKUP(15),
  LOOKUPP(16),
  NVERIFY(17),
  OPEN(18),
  OPENATTR(19),
  OPEN_CONFIRM(20),
  OPEN_DOWNGRADE(21),
  PUTFH(22),
  PUTPUBFH(23),
  PUTROOTFH(24),
  READ(25),
  READDIR(26),
  READLINK(27),
  REMOVE(28),
  RENAME(29),
  RENEW(30),
  RESTOREFH(31),
  SAVEFH(32),
  SECINFO(33),
  SETATTR(34),
  SETCLIENTID(35),
  SETCLIENTID_CONFIRM(36),
  VERIFY(37),
  WRITE(38),
  RELEASE_LOCKOWNER(39),
  BACKCHANNEL_CTL(40),
  BIND_CONN_TO_SESSION(41),
  EXCHANGE_ID(42),
  CREATE_SESSION(43),
  DESTROY_SESSION(44),
  FREE_STATEID(45),
  GET_DIR_DELEGATION(46),
  GETDEVICEINFO(47),
  GETDEVICELIST(48),
  LAYOUTCOMMIT(49),
  LAYOUTGET(50),
  LAYOUTRETURN(51),
  SECINFO_NO_NAME(52),
  SEQUENCE(53),
  SET_SSV(54),
  TEST_STATEID(55),
  WANT_DELEGATION(56),
  DESTROY_CLIENTID(57),
  RECLAIM_COMPLETE(58),
  ALLOCATE(59),
  COPY(60),
  COPY_NOTIFY(61),
  DEALLOCATE(62),
  IO_ADVISE(63),
  LAYOUTERROR(64),
  LAYOUTSTATS(65),
  OFFLOAD_CANCEL(66),
  OFFLOAD_STATUS(67),
  READ_PLUS(68),
  SEEK(69),
  WRITE_SAME(70),
  CLONE(71),
  GETXATTR(72),
  SETXATTR(73),
  LISTXATTRS(74),
  REMOVEXATTR(75),
  /** Answers an operation number that the minor version does not have; never asked for. */
  ILLEGAL(10044);

  private static final int LAST_OF_MINOR_1 = 58;

  private static final Map<Integer, OpCode> BY_WIRE =
      Stream.of(values())
          .filter(op -> op != ILLEGAL)
          .collect(Collectors.toUnmodifiableMap(OpCode::wire, Function.identity()));

  private final int wire;

  OpCode(int wire) {
    this.wire = wire;
  }

  /** The number on the wire. */
  public int wire() {
    return wire;
  }

  /** Empty for a number that no request of the minor version may carry. */
  static Optional<OpCode> ofWire(int wire, int minorVersion) {
    return minorVersion == 1 && wire > LAST_OF_MINOR_1
        ? Optional.empty()
        : Optional.ofNullable(BY_WIRE.get(wire));
  }
}
