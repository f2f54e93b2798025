package io.forebay.nfs.handler;

import io.forebay.nfs.attr.Attribute;
import io.forebay.nfs.attr.AttributeBitmap;
import io.forebay.nfs.attr.RawAttributes;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsOp.OpenClaim;
import io.forebay.nfs.op.NfsOp.OpenHow;
import io.forebay.nfs.op.NfsOp.PlainOp;
import io.forebay.nfs.op.StableHow;
import io.forebay.nfs.op.StateId;
import io.forebay.nfs.xdr.Opaque;
import io.forebay.nfs.xdr.XdrWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Operations by short names. */
final class Ops {
  static final int READ = 1;
  static final int WRITE = 2;
  static final int BOTH = 3;
  static final NfsOp GETFH = new NfsOp.Plain(PlainOp.GETFH);
  static final NfsOp SAVEFH = new NfsOp.Plain(PlainOp.SAVEFH);
  static final NfsOp RESTOREFH = new NfsOp.Plain(PlainOp.RESTOREFH);
  static final NfsOp LOOKUPP = new NfsOp.Plain(PlainOp.LOOKUPP);
  static final NfsOp READLINK = new NfsOp.Plain(PlainOp.READLINK);
  static final NfsOp PUTROOTFH = new NfsOp.Plain(PlainOp.PUTROOTFH);
  static final NfsOp PUTPUBFH = new NfsOp.Plain(PlainOp.PUTPUBFH);

  private Ops() {}

  static NfsOp lookup(String name) {
    return new NfsOp.Lookup(Opaque.of(name));
  }

  static NfsOp putFh(Opaque handle) {
    return new NfsOp.PutFh(handle);
  }

  /** PUTROOTFH, a LOOKUP for each name, then these. */
  static NfsOp[] at(String path, NfsOp... then) {
    List<NfsOp> ops = new ArrayList<>();
    ops.add(PUTROOTFH);
    for (String name : path.split("/")) {
      if (!name.isEmpty()) {
        ops.add(lookup(name));
      }
    }
    ops.addAll(List.of(then));
    return ops.toArray(NfsOp[]::new);
  }

  static NfsOp getAttr(Attribute... wanted) {
    return new NfsOp.GetAttr(AttributeBitmap.of(wanted));
  }

  static NfsOp makeDirectory(String name) {
    return new NfsOp.Create(2, Opaque.EMPTY, 0, 0, Opaque.of(name), mode(0755));
  }

  static NfsOp makeSymlink(String name, String target) {
    return new NfsOp.Create(5, Opaque.of(target), 0, 0, Opaque.of(name), mode(0777));
  }

  static NfsOp remove(String name) {
    return new NfsOp.Remove(Opaque.of(name));
  }

  static NfsOp rename(String from, String to) {
    return new NfsOp.Rename(Opaque.of(from), Opaque.of(to));
  }

  static NfsOp link(String name) {
    return new NfsOp.Link(Opaque.of(name));
  }

  // --- opens

  static NfsOp open(String name, int access) {
    return open(name, access, 0, "owner", new OpenHow.NoCreate());
  }

  static NfsOp open(String name, int access, int deny, String owner) {
    return open(name, access, deny, owner, new OpenHow.NoCreate());
  }

  static NfsOp create(String name) {
    return open(name, BOTH, 0, "owner", new OpenHow.Unchecked(mode(0644)));
  }

  static NfsOp open(String name, int access, int deny, String owner, OpenHow how) {
    return new NfsOp.Open(
        access, deny, Opaque.of(owner), how, new OpenClaim.ByName(Opaque.of(name)));
  }

  static NfsOp openCurrent(int access) {
    return new NfsOp.Open(
        access, 0, Opaque.of("owner"), new OpenHow.NoCreate(), new OpenClaim.ByHandle());
  }

  static NfsOp read(StateId stateId, long offset, int count) {
    return new NfsOp.Read(stateId, offset, count);
  }

  static NfsOp write(StateId stateId, long offset, String text) {
    return write(stateId, offset, StableHow.FILE_SYNC, text.getBytes(StandardCharsets.UTF_8));
  }

  static NfsOp write(StateId stateId, long offset, StableHow how, byte[] data) {
    return new NfsOp.Write(stateId, offset, how, ByteBuffer.wrap(data));
  }

  static NfsOp close(StateId stateId) {
    return new NfsOp.Close(stateId);
  }

  static NfsOp commit() {
    return new NfsOp.Commit(0, 0);
  }

  // --- attributes to set

  static RawAttributes mode(int mode) {
    XdrWriter writer = new XdrWriter(16);
    writer.writeInt(mode);
    return raw(writer, Attribute.MODE);
  }

  static RawAttributes size(long size) {
    XdrWriter writer = new XdrWriter(16);
    writer.writeLong(size);
    return raw(writer, Attribute.SIZE);
  }

  static RawAttributes sizeAndMode(long size, int mode) {
    XdrWriter writer = new XdrWriter(16);
    writer.writeLong(size);
    writer.writeInt(mode);
    return raw(writer, Attribute.SIZE, Attribute.MODE);
  }

  static RawAttributes owner(String owner) {
    XdrWriter writer = new XdrWriter(64);
    writer.writeOpaque(Opaque.of(owner));
    return raw(writer, Attribute.OWNER);
  }

  static RawAttributes raw(XdrWriter values, Attribute... which) {
    return new RawAttributes(AttributeBitmap.of(which), Opaque.of(values.toBytes()));
  }

  static NfsOp setAttr(RawAttributes attributes) {
    return setAttr(StateId.ANONYMOUS, attributes);
  }

  static NfsOp setAttr(StateId stateId, RawAttributes attributes) {
    return new NfsOp.SetAttr(stateId, attributes);
  }
}
