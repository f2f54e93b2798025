package io.forebay.nfs.server;

import io.forebay.engine.EngineException;
import io.forebay.nfs.handler.CallContext;
import io.forebay.nfs.handler.CompoundExecutor;
import io.forebay.nfs.handler.CompoundReply;
import io.forebay.nfs.op.CompoundRequest;
import io.forebay.nfs.rpc.RpcHeaderCodec;
import io.forebay.nfs.rpc.RpcMessage;
import io.forebay.nfs.rpc.RpcReply;
import io.forebay.nfs.session.Origin;
import io.forebay.nfs.session.RequestShape;
import io.forebay.nfs.xdr.XdrException;
import io.forebay.nfs.xdr.XdrReader;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bridge from event loops to virtual threads: each record is decoded, run and encoded on a
 * thread of its own. At most {@code maxInFlight} run at once; the others wait, each with its
 * connection not being read.
 */
final class RequestDispatcher implements Requests, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(RequestDispatcher.class);
  private static final int PROGRAM = 100_003;
  private static final int VERSION = 4;
  private static final int NULL = 0;
  private static final int COMPOUND = 1;

  /** So much of a request tells it from another one on its slot; the rest is bulk data. */
  private static final int FINGERPRINT_BYTES = 4096;

  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

  private final CompoundExecutor executor;
  private final int maxOperations;
  private final RequestMeters meters;
  private final Semaphore running;
  private final int maxInFlight;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("nfs-", 0).factory());

  RequestDispatcher(
      CompoundExecutor executor, int maxOperations, int maxInFlight, RequestMeters meters) {
    this.executor = executor;
    this.maxOperations = maxOperations;
    this.maxInFlight = maxInFlight;
    this.running = new Semaphore(maxInFlight, true);
    this.meters = meters;
  }

  @Override
  public boolean isSaturated() {
    return running.availablePermits() == 0;
  }

  /** Requests being worked on. */
  int inside() {
    return maxInFlight - running.availablePermits();
  }

  @Override
  public void dispatch(ConnectionHandler from, ReceivedRecord record) {
    try {
      threads.execute(() -> work(from, record));
    } catch (RejectedExecutionException stopped) {
      record.close();
      from.finished();
    }
  }

  private void work(ConnectionHandler from, ReceivedRecord record) {
    boolean answered = false;
    running.acquireUninterruptibly();
    try {
      answered = answer(from, record.bytes());
    } catch (RuntimeException | Error defect) {
      // The client gets no answer and asks again, on another connection.
      log.error("a request of {} met a defect", from.channel().remoteAddress(), defect);
      var _ = from.channel().close();
    } finally {
      running.release();
      record.close();
      if (!answered) {
        from.finished();
      }
    }
  }

  /** Returns whether an answer is under way, which then says when the request is over. */
  private boolean answer(ConnectionHandler from, ByteBuf record) {
    ByteBuffer bytes = record.nioBuffer();
    XdrReader reader = new XdrReader(bytes);
    return switch (RpcHeaderCodec.decode(reader)) {
      case RpcMessage.Ignored ignored -> {
        log.debug("{}: dropped: {}", from.channel().remoteAddress(), ignored.reason());
        yield false;
      }
      case RpcMessage.Refused refused -> send(from, refused.reply());
      case RpcMessage.Call call -> call(from, call, reader, bytes);
    };
  }

  private boolean call(
      ConnectionHandler from, RpcMessage.Call call, XdrReader reader, ByteBuffer bytes) {
    int xid = call.xid();
    if (call.program() != PROGRAM) {
      return send(from, new RpcReply.ProgramUnavailable(xid));
    }
    if (call.version() != VERSION) {
      return send(from, new RpcReply.ProgramMismatch(xid, VERSION, VERSION));
    }
    return switch (call.procedure()) {
      case NULL -> send(from, new RpcReply.Success(xid));
      case COMPOUND -> compound(from, call, reader, bytes);
      default -> send(from, new RpcReply.ProcedureUnavailable(xid));
    };
  }

  private boolean compound(
      ConnectionHandler from, RpcMessage.Call call, XdrReader reader, ByteBuffer bytes) {
    int checksum = fingerprint(bytes, reader.remaining());
    CompoundRequest request;
    try {
      request = CompoundRequest.decode(reader, maxOperations);
    } catch (XdrException malformed) {
      return send(from, new RpcReply.GarbageArguments(call.xid()));
    }
    Origin origin = new Origin(from.connection(), call.credential());
    RequestShape shape = new RequestShape(bytes.remaining(), request.count(), checksum);
    RequestMeters.Sample sample = meters.start();
    CompoundReply reply = executor.execute(request, new CallContext(origin, shape));
    boolean sent = false;
    try {
      sample.stop(reply.results());
      List<Object> messages =
          ReplyMessages.of(from.channel().alloc(), new RpcReply.Success(call.xid()), reply);
      from.answer(messages, reply::close);
      sent = true;
      return true;
    } catch (EngineException unreadable) {
      log.error("the answer to {} cannot be read", from.channel().remoteAddress(), unreadable);
      return send(from, new RpcReply.SystemError(call.xid()));
    } finally {
      if (!sent) {
        reply.close();
      }
    }
  }

  private static int fingerprint(ByteBuffer request, int argumentBytes) {
    int from = request.limit() - argumentBytes;
    CRC32C crc = new CRC32C();
    crc.update(request.slice(from, Math.min(argumentBytes, FINGERPRINT_BYTES)));
    return (int) crc.getValue() ^ argumentBytes;
  }

  private static boolean send(ConnectionHandler to, RpcReply reply) {
    to.answer(ReplyMessages.of(to.channel().alloc(), reply), () -> {});
    return true;
  }

  /** Does something short beside an event loop; not after {@link #close}. */
  void aside(Runnable action) {
    try {
      threads.execute(action);
    } catch (RejectedExecutionException stopped) {
      log.debug("stopped: nothing is done any more");
    }
  }

  /** Takes nothing more, and waits a while for what runs; nothing is interrupted. */
  @Override
  public void close() {
    threads.shutdown();
    boolean ended = false;
    try {
      ended = threads.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!ended) {
      log.warn("{} NFS requests still run after {}", inside(), CLOSE_PATIENCE);
    }
  }
}
