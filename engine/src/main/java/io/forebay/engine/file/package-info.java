/**
 * The file system: namespace operations, reads, the overlay of uncommitted writes, commits. Depends
 * on {@code io.forebay.engine}, metadata, segment and cache.
 *
 * <p><b>A write</b> is appended to staging and stands over the committed extents of its {@code
 * LiveFile}, in memory, where every reader of both protocols sees it. <b>A commit</b> makes those
 * bytes durable, puts extents, size and times into one transaction, and takes exactly what it
 * committed out of memory. What was shown with a change counter is what becomes durable with it.
 * <b>A truncation</b> is a commit with a size. So the durable file is always what readers saw at
 * one moment, and never covers bytes that are not durable.
 *
 * <p><b>Order of locks</b>, each held over memory accesses only: an entry of {@code LiveFiles} or
 * of {@code Holds}, then the lock of a {@code LiveFile}, then what others guard for themselves
 * ({@code SegmentPins}, counters). The metadata's writer thread takes the same locks from inside
 * transactions and when it publishes, so nobody calls the metadata store with one of them. {@code
 * CommitTurn} is no lock but an order: who has a file's turn waits for disks, the bucket and the
 * metadata; nobody waits for a turn with a lock held, nor for a file's turn with another file's.
 */
@NullMarked
package io.forebay.engine.file;

import org.jspecify.annotations.NullMarked;
