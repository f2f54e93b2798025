package io.forebay.nfs.handler;

import io.forebay.ambient.TimeSource;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileSystem;
import io.forebay.engine.RecordStore;
import io.forebay.engine.VolumeId;
import io.forebay.nfs.NfsConfig;
import io.forebay.nfs.attr.AttributeException;
import io.forebay.nfs.op.CompoundRequest;
import io.forebay.nfs.op.NfsException;
import io.forebay.nfs.op.NfsOp;
import io.forebay.nfs.op.NfsResult;
import io.forebay.nfs.op.NfsStatus;
import io.forebay.nfs.op.OpCode;
import io.forebay.nfs.session.SequenceOutcome;
import io.forebay.nfs.session.Sessions;
import io.forebay.nfs.session.SlotLease;
import io.forebay.nfs.state.StateTable;
import io.forebay.nfs.xdr.Opaque;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs COMPOUNDs: one operation after the other until one fails (RFC 8881 section 16.2.3). Blocks;
 * thread-safe.
 */
public final class CompoundExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(CompoundExecutor.class);

  private final int maxReplyBytes;
  private final Sessions sessions;
  private final ExportTree tree;
  private final SessionOperations session;
  private final HandleOperations handles;
  private final AttributeOperations attributes;
  private final NamespaceOperations namespace;
  private final DirectoryListing directories;
  private final OpenOperations opens;
  private final LockOperations locks;
  private final DataOperations data;
  private final RangeOperations ranges;
  private final XattrOperations xattrs;

  /**
   * Reads the configuration and the key of the file handles; does not touch the exports.
   *
   * @param fileSystems the volume's view for each level of durability
   * @param records keeps the key of the volume's file handles
   */
  public CompoundExecutor(
      NfsConfig config,
      Function<Durability, FileSystem> fileSystems,
      Sessions sessions,
      StateTable table,
      RecordStore records,
      TimeSource time,
      RandomGenerator random) {
    this.maxReplyBytes = config.limits().maxMessageBytes();
    this.sessions = sessions;
    this.tree = new ExportTree(config, fileSystems);
    StateGate states = new StateGate(table, sessions);
    VolumeId volume = fileSystems.apply(config.exports().getFirst().durability()).volume();
    FileHandleCodec codec = FileHandleCodec.open(volume, records, random);
    AttributeSources sources = new AttributeSources(tree, codec, time.epochNanos());
    this.session = new SessionOperations(sessions);
    this.handles = new HandleOperations(codec);
    this.attributes = new AttributeOperations(sources, states);
    this.namespace = new NamespaceOperations(states);
    this.directories = new DirectoryListing(sources, config.limits().maxTransferBytes());
    this.opens = new OpenOperations(states);
    this.locks = new LockOperations(states);
    this.ranges = new RangeOperations(states, config.limits().maxTransferBytes());
    this.xattrs = new XattrOperations();
    this.data = new DataOperations(states, config.limits().maxTransferBytes());
  }

  /**
   * Runs a request.
   *
   * @return the caller's to close; ready to be sent, the slot is free already
   */
  public CompoundReply execute(CompoundRequest request, CallContext call) {
    ReplyBuilder reply = new ReplyBuilder(request.tag(), maxReplyBytes);
    if (!CompoundRequest.isServed(request.minorVersion())) {
      reply.fail(NfsStatus.MINOR_VERS_MISMATCH);
      return reply.finish();
    }
    if (!isUtf8(request.tag())) {
      reply.fail(NfsStatus.INVAL);
      return reply.finish();
    }
    if (request.operations().isEmpty()) {
      return reply.finish();
    }
    return switch (request.operations().getFirst()) {
      case NfsOp.Sequence sequence -> sequenced(request, sequence, call, reply);
      default -> {
        reply.add(alone(request, call), NfsStatus.REP_TOO_BIG);
        yield reply.finish();
      }
    };
  }

  /** Section 16.2.3: a tag is text. */
  private static boolean isUtf8(Opaque tag) {
    try {
      CharBuffer unused = StandardCharsets.UTF_8.newDecoder().decode(tag.asBuffer());
      return true;
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }

  // --- without a session (section 18.46.3)

  /** A few operations need no session, each alone in its request. */
  private NfsResult alone(CompoundRequest request, CallContext call) {
    NfsOp op = request.operations().getFirst();
    boolean sessionless =
        switch (op.code()) {
          case EXCHANGE_ID,
              CREATE_SESSION,
              BIND_CONN_TO_SESSION,
              DESTROY_SESSION,
              DESTROY_CLIENTID ->
              true;
          default -> false;
        };
    if (!sessionless && !(op instanceof NfsOp.Illegal)) {
      return ReplyBuilder.failure(op.code(), NfsStatus.OP_NOT_IN_SESSION);
    }
    if (sessionless && request.count() != 1) {
      return ReplyBuilder.failure(op.code(), NfsStatus.NOT_ONLY_OP);
    }
    return guarded(op, () -> session.alone(op, call.origin()));
  }

  // --- with a session

  private CompoundReply sequenced(
      CompoundRequest request, NfsOp.Sequence sequence, CallContext call, ReplyBuilder reply) {
    return switch (sessions.sequence(sequence, call.origin(), call.shape())) {
      case SequenceOutcome.Refused refused -> {
        reply.add(ReplyBuilder.failure(OpCode.SEQUENCE, refused.status()), refused.status());
        yield reply.finish();
      }
      case SequenceOutcome.Replay replay -> CompoundReply.replay(replay.reply());
      case SequenceOutcome.Unkept unkept -> {
        reply.add(unkept.result(), NfsStatus.REP_TOO_BIG);
        if (request.operations().size() > 1) {
          reply.add(
              ReplyBuilder.failure(
                  request.operations().get(1).code(), NfsStatus.RETRY_UNCACHED_REP),
              NfsStatus.REP_TOO_BIG);
        }
        yield reply.finish();
      }
      case SequenceOutcome.Granted granted -> {
        try (SlotLease lease = granted.lease()) {
          reply.limit(lease.maxReplyBytes());
          reply.add(granted.result(), lease.tooLong());
          yield run(request, call, lease, reply);
        }
      }
    };
  }

  private CompoundReply run(
      CompoundRequest request, CallContext call, SlotLease lease, ReplyBuilder reply) {
    CompoundReply done = null;
    boolean handedOver = false;
    try {
      CompoundContext context =
          new CompoundContext(
              lease,
              tree.viewOf(call.origin().connection().address()),
              call.origin().credential(),
              reply);
      List<NfsOp> operations = request.operations();
      for (int i = 1; i < operations.size() && reply.isOpen(); i++) {
        NfsOp op = operations.get(i);
        boolean last = i == request.count() - 1;
        reply.add(guarded(op, () -> run(context, op, call, last)), lease.tooLong());
      }
      done = reply.finish();
      lease.complete(done.size(), done::toBytes);
      handedOver = true;
      return done;
    } finally {
      if (!handedOver) {
        if (done == null) {
          reply.abandon();
        } else {
          done.close();
        }
      }
    }
  }

  private interface Running {
    NfsResult run();
  }

  /** The one place where failures become answers. */
  private static NfsResult guarded(NfsOp op, Running running) {
    try {
      return running.run();
    } catch (NfsException e) {
      return ReplyBuilder.failure(op.code(), e.status());
    } catch (AttributeException e) {
      return ReplyBuilder.failure(op.code(), StatusMapping.of(e.problem()));
    } catch (EngineException e) {
      if (e.code() == ErrorCode.INTERNAL) {
        LOG.error("{} met a defect", op.code(), e);
      }
      return ReplyBuilder.failure(op.code(), StatusMapping.of(op.code(), e.code()));
    } catch (RuntimeException defect) {
      LOG.error("{} met a defect", op.code(), defect);
      return ReplyBuilder.failure(op.code(), NfsStatus.SERVERFAULT);
    }
  }

  private NfsResult run(CompoundContext context, NfsOp op, CallContext call, boolean last) {
    if (context.room() < ReplyBuilder.mostBytes(op)) {
      // Before anything is changed: section 2.10.6.4.
      throw new NfsException(context.lease().tooLong());
    }
    return switch (op) {
      case NfsOp.Illegal illegal -> throw new NfsException(NfsStatus.OP_ILLEGAL);
      case NfsOp.Malformed malformed -> throw new NfsException(NfsStatus.BADXDR);
      case NfsOp.Unsupported unsupported -> throw new NfsException(NfsStatus.NOTSUPP);

      case NfsOp.Sequence again -> throw new NfsException(NfsStatus.SEQUENCE_POS);
      case NfsOp.ExchangeId exchange -> session.exchangeId(exchange, call.origin());
      case NfsOp.CreateSession create -> session.createSession(create, call.origin());
      case NfsOp.BindConnToSession bind -> throw new NfsException(NfsStatus.NOT_ONLY_OP);
      case NfsOp.DestroySession destroy -> session.destroySession(destroy, context.lease(), last);
      case NfsOp.BackchannelCtl control -> session.backchannelCtl(control, context.lease());
      case NfsOp.DestroyClientId destroy -> session.destroyClientId(destroy, call.origin());
      case NfsOp.ReclaimComplete complete -> session.reclaimComplete(context, complete);

      case NfsOp.PutFh put -> handles.putFh(context, put);
      case NfsOp.Plain plain -> handles.plain(context, plain.kind());
      case NfsOp.Lookup lookup -> handles.lookup(context, lookup);
      case NfsOp.SecInfo info -> handles.secInfo(context, info);
      case NfsOp.SecInfoNoName info -> handles.secInfoNoName(context, info);

      case NfsOp.Access access -> attributes.access(context, access);
      case NfsOp.GetAttr get -> attributes.getAttr(context, get);
      case NfsOp.SetAttr set -> attributes.setAttr(context, set);
      case NfsOp.Verify verify -> attributes.verify(context, verify);

      case NfsOp.Create create -> namespace.create(context, create);
      case NfsOp.Link link -> namespace.link(context, link);
      case NfsOp.Remove remove -> namespace.remove(context, remove);
      case NfsOp.Rename rename -> namespace.rename(context, rename);
      case NfsOp.ReadDir read -> directories.readDir(context, read);

      case NfsOp.Open open -> opens.open(context, open);
      case NfsOp.OpenDowngrade downgrade -> opens.downgrade(context, downgrade);
      case NfsOp.Close close -> opens.close(context, close);

      case NfsOp.Lock lock -> locks.lock(context, lock);
      case NfsOp.LockTest test -> locks.test(context, test);
      case NfsOp.Unlock unlock -> locks.unlock(context, unlock);
      case NfsOp.FreeStateId free -> locks.free(context, free);
      case NfsOp.TestStateId test -> locks.test(context, test);

      case NfsOp.Read read -> data.read(context, read);
      case NfsOp.Write write -> data.write(context, write);
      case NfsOp.Commit commit -> data.commit(context, commit);

      case NfsOp.Space space -> ranges.space(context, space);
      case NfsOp.Copy copy -> ranges.copy(context, copy);
      case NfsOp.Clone clone -> ranges.clone(context, clone);
      case NfsOp.Seek seek -> ranges.seek(context, seek);
      case NfsOp.ReadPlus read -> ranges.readPlus(context, read);
      case NfsOp.IoAdvise advise -> ranges.ioAdvise(context, advise);
      case NfsOp.GetXattr get -> xattrs.get(context, get);
      case NfsOp.SetXattr set -> xattrs.set(context, set);
      case NfsOp.ListXattrs list -> xattrs.list(context, list);
      case NfsOp.RemoveXattr remove -> xattrs.remove(context, remove);
    };
  }
}
