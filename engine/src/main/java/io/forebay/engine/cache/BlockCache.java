package io.forebay.engine.cache;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.Payload;
import io.forebay.engine.cache.CacheMetrics.Source;
import io.forebay.engine.segment.CacheHandover;
import io.forebay.engine.segment.FileLease;
import io.forebay.engine.segment.PageChecksums;
import io.forebay.engine.segment.SegmentId;
import io.forebay.engine.segment.SegmentSlice;
import io.forebay.engine.segment.StagedRead;
import io.forebay.engine.segment.Staging;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads segments: from a cache disk, from staging, from pages in memory, from the bucket, in this
 * order. What comes from the bucket is fetched once for all who want it at a time, proved by its
 * page checksums, and put on a disk where one takes it; when none does, or there is none, reads go
 * on from memory.
 */
public final class BlockCache implements SegmentReader, AutoCloseable {
  private static final int REMEMBERED_TOUCHES = 100_000;

  private final CacheContext context;
  private final CacheDisks disks;
  private final FileProof proof;
  private final BlockFetcher fetcher;
  private final PageMemory pageMemory;
  private final SingleFlight<Long, LoadedBlock> blockFlights = new SingleFlight<>();
  private final SingleFlight<PageRange, List<ByteBuffer>> pageFlights = new SingleFlight<>();
  private final Cache<Long, Boolean> touched =
      Caffeine.newBuilder().maximumSize(REMEMBERED_TOUCHES).executor(Runnable::run).build();
  private final Prefetcher prefetcher;

  /** Set by {@link #attach}, before the first read. */
  private @Nullable Staging staging;

  private record PageRange(SegmentId segment, int first, int last) {}

  /** Reads the names of the cached files. */
  public BlockCache(CacheContext context) {
    this.context = context;
    this.disks = new CacheDisks(context);
    this.proof = new FileProof(context.metrics());
    this.fetcher =
        new BlockFetcher(context.store(), context.downloadConcurrency(), context.metrics());
    this.pageMemory = new PageMemory(context.pageMemoryBytes());
    this.prefetcher =
        new Prefetcher(
            Math.max(1, context.downloadConcurrency() / 2), this::bringIn, context.metrics());
  }

  /** Staging needs the cache to hand files over to, and the cache staging to read from. */
  public void attach(Staging source) {
    staging = source;
  }

  /** What staging hands its files to. */
  public CacheHandover handover() {
    return new StagedFileIntake(disks, context);
  }

  /** What proves the cached files little by little. */
  public Scrubber scrubber() {
    return new Scrubber(disks, proof, this::checksums);
  }

  /** Starts the workers that read ahead. */
  public void start() {
    prefetcher.start();
  }

  /** Looks after the disks; every second or so. */
  public void runOnce() {
    disks.all().forEach(CacheDisk::runOnce);
  }

  // --- SegmentReader

  @Override
  public Payload read(List<Piece> pieces, Intent intent) {
    PayloadAssembly out = new PayloadAssembly();
    boolean complete = false;
    try {
      for (Piece piece : pieces) {
        switch (piece) {
          case Hole hole -> out.zeroes(hole.length());
          case Data data -> readSlice(data.slice(), intent, out);
        }
      }
      Payload payload = out.finish();
      complete = true;
      return payload;
    } finally {
      if (!complete) {
        out.abort();
      }
    }
  }

  @Override
  public void prefetch(List<SegmentSlice> slices) {
    for (SegmentSlice slice : slices) {
      for (int block = Blocks.of(slice.offset()); block <= Blocks.of(slice.end() - 1); block++) {
        if (!isHere(slice.segment(), block, slice)) {
          prefetcher.wish(slice.segment(), block);
        }
      }
    }
  }

  private boolean isHere(SegmentId segment, int block, SegmentSlice slice) {
    int offset = Math.max(slice.offset(), block * Blocks.SIZE);
    int end = Math.min(slice.end(), (block + 1) * Blocks.SIZE);
    Staging source = staging;
    return disks.has(segment, offset, end) || (source != null && source.has(segment));
  }

  private void readSlice(SegmentSlice slice, Intent intent, PayloadAssembly out) {
    int offset = slice.offset();
    while (offset < slice.end()) {
      int end = Math.min(slice.end(), (Blocks.of(offset) + 1) * Blocks.SIZE);
      SegmentSlice part = new SegmentSlice(slice.segment(), offset, end - offset);
      if (!fromDisk(part, out) && !fromStaging(part, out) && !fromDisk(part, out)) {
        fromBucket(part, intent, out);
      }
      offset = end;
    }
  }

  // --- local sources

  private boolean fromDisk(SegmentSlice part, PayloadAssembly out) {
    SegmentId segment = part.segment();
    Optional<CacheDisks.Found> found = disks.open(segment, part.offset(), part.end());
    if (found.isEmpty()) {
      return false;
    }
    CachedFile file = found.get().opened().file();
    FileLease lease = found.get().opened().lease();
    boolean good = false;
    try {
      int block = Blocks.of(part.offset());
      good = file.isVerified(block) || prove(found.get(), block);
    } finally {
      if (!good) {
        lease.close();
      }
    }
    if (good) {
      out.range(lease, file.position(part.offset()), part.length());
      context.metrics().read(Source.DISK, part.length());
    }
    return good;
  }

  private boolean prove(CacheDisks.Found found, int block) {
    Optional<PageChecksums> checksums = checksums(found.opened().file().segment());
    return checksums.isPresent()
        && proof.check(found.disk(), found.opened(), block, checksums.get());
  }

  private boolean fromStaging(SegmentSlice part, PayloadAssembly out) {
    Staging source = staging;
    if (source == null) {
      return false;
    }
    switch (source.read(part)) {
      case StagedRead.InFile file -> out.range(file.lease(), part.offset(), part.length());
      case StagedRead.InMemory memory -> out.memory(memory.bytes());
      case StagedRead.Damaged damaged ->
          throw new EngineException(ErrorCode.CORRUPT, damaged.why());
      case StagedRead.Absent absent -> {
        return false;
      }
    }
    context.metrics().read(Source.STAGING, part.length());
    return true;
  }

  private Optional<PageChecksums> checksums(SegmentId segment) {
    Staging source = staging;
    Optional<PageChecksums> staged = source == null ? Optional.empty() : source.checksums(segment);
    return staged.isPresent() ? staged : context.ledger().checksums(segment);
  }

  // --- memory and bucket

  private void fromBucket(SegmentSlice part, Intent intent, PayloadAssembly out) {
    SegmentId segment = part.segment();
    PageChecksums checksums =
        checksums(segment)
            .orElseThrow(() ->
                new EngineException(ErrorCode.CORRUPT, "the bytes of " + segment + " are lost"));
    if (part.end() > checksums.dataLength()) {
      throw new EngineException(ErrorCode.CORRUPT, part + " is beyond the end of the segment");
    }
    int first = part.offset() / PageChecksums.PAGE_SIZE;
    int last = (part.end() - 1) / PageChecksums.PAGE_SIZE;
    Optional<List<ByteBuffer>> present = pageMemory.find(segment, first, last);
    if (present.isPresent()) {
      addPages(part, first, present.get(), out);
      context.metrics().read(Source.MEMORY, part.length());
      return;
    }
    context.metrics().read(Source.BUCKET, part.length());
    int block = Blocks.of(part.offset());
    if (intent == Intent.SEQUENTIAL
        || isMostOf(block, last - first + 1, checksums)
        || touched.asMap().putIfAbsent(Blocks.key(segment, block), true) != null) {
      try {
        readBlock(part, block, checksums, out);
        return;
      } catch (EngineException e) {
        if (e.code() != ErrorCode.CORRUPT) {
          throw e;
        }
        // A page is bad in the bucket: it need not be one of those that are asked for.
      }
    }
    readPages(part, first, last, checksums, out);
  }

  private void readPages(
      SegmentSlice part, int first, int last, PageChecksums checksums, PayloadAssembly out) {
    SegmentId segment = part.segment();
    List<ByteBuffer> pages =
        pageFlights.join(
            new PageRange(segment, first, last),
            () -> pageMemory.keep(segment, first, fetcher.pages(segment, first, last, checksums)),
            loaded -> loaded,
            loaded -> {});
    addPages(part, first, pages, out);
  }

  /** Half of a block may as well be all of it. */
  private static boolean isMostOf(int block, int pages, PageChecksums checksums) {
    int bytes = pages * PageChecksums.PAGE_SIZE;
    return bytes > PageChecksums.PAGE_SIZE
        && bytes >= Blocks.length(block, checksums.dataLength()) / 2;
  }

  private void readBlock(
      SegmentSlice part, int block, PageChecksums checksums, PayloadAssembly out) {
    while (!tryBlock(part, block, checksums, out)) {
      // It was here, and is evicted again already.
    }
  }

  private boolean tryBlock(
      SegmentSlice part, int block, PageChecksums checksums, PayloadAssembly out) {
    int start = block * Blocks.SIZE;
    return blockFlights.join(
        Blocks.key(part.segment(), block),
        () -> load(part.segment(), block, checksums),
        loaded ->
            switch (loaded) {
              case LoadedBlock.OnDisk file -> {
                out.range(file.lease().share(), part.offset() - start, part.length());
                yield true;
              }
              case LoadedBlock.InMemory memory -> {
                int skipped = (part.offset() - start) / PageChecksums.PAGE_SIZE;
                int firstPage = part.offset() / PageChecksums.PAGE_SIZE;
                addPages(
                    part, firstPage, memory.pages().subList(skipped, memory.pages().size()), out);
                yield true;
              }
              case LoadedBlock.AlreadyHere here -> fromDisk(part, out);
            },
        BlockCache::letGo);
  }

  private static void letGo(LoadedBlock loaded) {
    if (loaded instanceof LoadedBlock.OnDisk file) {
      file.lease().close();
    }
  }

  private LoadedBlock load(SegmentId segment, int block, PageChecksums checksums) {
    int start = block * Blocks.SIZE;
    int end = start + Blocks.length(block, checksums.dataLength());
    if (disks.has(segment, start, end)) {
      return new LoadedBlock.AlreadyHere();
    }
    return fetcher.block(
        segment,
        block,
        checksums,
        bytes -> {
          Optional<FileLease> lease = disks.fill(segment, block, bytes);
          if (lease.isPresent()) {
            return new LoadedBlock.OnDisk(lease.get());
          }
          return new LoadedBlock.InMemory(
              pageMemory.keep(segment, start / PageChecksums.PAGE_SIZE, bytes));
        });
  }

  private static void addPages(
      SegmentSlice part, int firstPage, List<ByteBuffer> pages, PayloadAssembly out) {
    int offset = part.offset();
    while (offset < part.end()) {
      int page = offset / PageChecksums.PAGE_SIZE;
      int within = offset % PageChecksums.PAGE_SIZE;
      int count = Math.min(part.end() - offset, PageChecksums.PAGE_SIZE - within);
      out.memory(pages.get(page - firstPage).slice(within, count));
      offset += count;
    }
  }

  // --- reading ahead

  /** Brings a block in for nobody in particular. */
  private void bringIn(SegmentId segment, int block) {
    Staging source = staging;
    Optional<PageChecksums> checksums = checksums(segment);
    if (checksums.isEmpty()
        || Blocks.length(block, checksums.get().dataLength()) == 0
        || (source != null && source.has(segment))) {
      return;
    }
    blockFlights.join(
        Blocks.key(segment, block),
        () -> load(segment, block, checksums.get()),
        loaded -> true,
        BlockCache::letGo);
  }

  @Override
  public void close() {
    prefetcher.close();
    disks.close();
  }
}
