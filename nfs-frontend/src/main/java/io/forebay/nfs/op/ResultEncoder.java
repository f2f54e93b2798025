package io.forebay.nfs.op;

import io.forebay.engine.DirectoryChange;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.attr.AttributeEncoder;
import io.forebay.nfs.op.NfsOp.LockType;
import io.forebay.nfs.xdr.XdrWriter;

/** Writes one {@code nfs_resop4}. */
public final class ResultEncoder {
  private static final int SP4_NONE = 0;
  private static final int CONTENT_DATA = 0;
  private static final int CONTENT_HOLE = 1;
  private static final int DELEGATE_NONE = 0;
  private static final int DELEGATE_NONE_EXT = 3;
  private static final int WND4_CONTENTION = 1;
  private static final int WND4_RESOURCE = 2;

  private ResultEncoder() {}

  /** A READ's payload becomes a gap in the writer; the caller keeps the payload. */
  public static void encode(NfsResult result, XdrWriter out) {
    out.writeInt(result.code().wire());
    out.writeInt(result.status().wire());
    switch (result) {
      case NfsResult.Done done -> {}
      case NfsResult.Failed failed -> {}
      case NfsResult.ExchangeId exchange -> exchangeId(exchange, out);
      case NfsResult.CreateSession created -> createSession(created, out);
      case NfsResult.BindConnToSession bound -> {
        bound.session().encode(out);
        out.writeInt(bound.direction());
        out.writeBool(false);
      }
      case NfsResult.Sequence sequence -> sequence(sequence, out);
      case NfsResult.GetFh handle -> out.writeOpaque(handle.handle());
      case NfsResult.SecInfo info -> {
        out.writeInt(info.flavors().size());
        info.flavors().forEach(out::writeInt);
      }
      case NfsResult.Access access -> {
        out.writeInt(access.supported());
        out.writeInt(access.granted());
      }
      case NfsResult.GetAttr attributes ->
          AttributeEncoder.encode(attributes.wanted(), attributes.source(), out);
      case NfsResult.SetAttr set -> set.set().encode(out);
      case NfsResult.ReadLink link -> out.writeOpaque(link.target());
      case NfsResult.Create created -> {
        change(created.change(), out);
        created.set().encode(out);
      }
      case NfsResult.Changed changed -> change(changed.change(), out);
      case NfsResult.Rename renamed -> {
        change(renamed.source(), out);
        change(renamed.target(), out);
      }
      case NfsResult.ReadDir directory -> readDir(directory, out);
      case NfsResult.Open open -> open(open, out);
      case NfsResult.State state -> stateId(state.stateId(), out);
      case NfsResult.LockDenied denied -> {
        out.writeLong(denied.offset());
        out.writeLong(denied.length());
        out.writeInt(denied.type() == LockType.READ ? 1 : 2);
        out.writeLong(denied.clientId());
        out.writeOpaque(denied.owner());
      }
      case NfsResult.TestStateId test -> {
        out.writeInt(test.statuses().size());
        test.statuses().forEach(status -> out.writeInt(status.wire()));
      }
      case NfsResult.Read read -> {
        out.writeBool(read.endOfFile());
        out.attach(read.payload().length());
      }
      case NfsResult.Write write -> {
        out.writeInt(write.count());
        out.writeInt(write.committed().wire());
        out.writeLong(write.verifier());
      }
      case NfsResult.Commit commit -> out.writeLong(commit.verifier());
      case NfsResult.Copy copy -> copy(copy, out);
      case NfsResult.Seek seek -> {
        out.writeBool(seek.endOfFile());
        out.writeLong(seek.offset());
      }
      case NfsResult.ReadPlus read -> readPlus(read, out);
      case NfsResult.IoAdvise advise -> {
        out.writeInt(1);
        out.writeInt(advise.hints());
      }
      case NfsResult.GetXattr get -> out.writeOpaque(get.value());
      case NfsResult.ListXattrs list -> {
        out.writeLong(list.cookie());
        out.writeInt(list.names().size());
        list.names().forEach(out::writeOpaque);
        out.writeBool(list.end());
      }
    }
  }

  private static void copy(NfsResult.Copy result, XdrWriter out) {
    // No callback: nothing is left to be done.
    out.writeInt(0);
    out.writeLong(result.count());
    out.writeInt(StableHow.FILE_SYNC.wire());
    out.writeLong(result.verifier());
    out.writeBool(true);
    out.writeBool(true);
  }

  private static void readPlus(NfsResult.ReadPlus result, XdrWriter out) {
    out.writeBool(result.endOfFile());
    if (result.payload().length() > 0) {
      out.writeInt(1);
      out.writeInt(CONTENT_DATA);
      out.writeLong(result.offset());
      out.attach(result.payload().length());
    } else if (result.hole() > 0) {
      out.writeInt(1);
      out.writeInt(CONTENT_HOLE);
      out.writeLong(result.offset());
      out.writeLong(result.hole());
    } else {
      out.writeInt(0);
    }
  }

  private static void exchangeId(NfsResult.ExchangeId result, XdrWriter out) {
    out.writeLong(result.clientId());
    out.writeInt(result.sequence());
    out.writeInt(result.flags());
    out.writeInt(SP4_NONE);
    out.writeLong(result.ownerMinor());
    out.writeOpaque(result.ownerMajor());
    out.writeOpaque(result.scope());
    // No implementation id: clients must not depend on it, and some would.
    out.writeInt(0);
  }

  private static void createSession(NfsResult.CreateSession result, XdrWriter out) {
    result.session().encode(out);
    out.writeInt(result.sequence());
    out.writeInt(result.flags());
    result.fore().encode(out);
    result.back().encode(out);
  }

  private static void sequence(NfsResult.Sequence result, XdrWriter out) {
    result.session().encode(out);
    out.writeInt(result.sequence());
    out.writeInt(result.slot());
    out.writeInt(result.highestSlot());
    out.writeInt(result.targetHighestSlot());
    out.writeInt(result.statusFlags());
  }

  private static void change(DirectoryChange change, XdrWriter out) {
    out.writeBool(true);
    out.writeLong(change.before());
    out.writeLong(change.after());
  }

  private static void stateId(StateId stateId, XdrWriter out) {
    out.writeInt(stateId.seqid());
    out.writeLong(stateId.high());
    out.writeInt(stateId.low());
  }

  private static void readDir(NfsResult.ReadDir result, XdrWriter out) {
    out.writeLong(result.verifier());
    for (NfsResult.ReadDir.Entry entry : result.entries()) {
      encodeEntry(entry, result.wanted(), out);
    }
    out.writeBool(false);
    out.writeBool(result.end());
  }

  /** One {@code entry4} with the mark that it is there; also how its size is measured. */
  public static void encodeEntry(
      NfsResult.ReadDir.Entry entry, AttributeBitmap wanted, XdrWriter out) {
    out.writeBool(true);
    out.writeLong(entry.cookie());
    out.writeOpaque(entry.name());
    AttributeEncoder.encode(wanted, entry.source(), out);
  }

  private static void open(NfsResult.Open result, XdrWriter out) {
    stateId(result.stateId(), out);
    change(result.change(), out);
    out.writeInt(result.flags());
    result.set().encode(out);
    if (result.noDelegationReason() < 0) {
      out.writeInt(DELEGATE_NONE);
      return;
    }
    out.writeInt(DELEGATE_NONE_EXT);
    out.writeInt(result.noDelegationReason());
    if (result.noDelegationReason() == WND4_CONTENTION
        || result.noDelegationReason() == WND4_RESOURCE) {
      // The server will not tell when one could be had.
      out.writeBool(false);
    }
  }
}
