package io.forebay.engine.bucket;

import io.forebay.engine.ByteRange;
import io.forebay.engine.CompletedPart;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.ObjectView;
import io.forebay.engine.PartInfo;
import io.forebay.engine.UploadId;
import io.forebay.engine.bucket.Publication.Content;
import io.forebay.engine.bucket.Publication.Place;
import io.forebay.engine.metadata.InodeEdit;
import io.forebay.engine.metadata.Objects;
import io.forebay.engine.metadata.Transaction;
import io.forebay.engine.metadata.Uploads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Parts of an upload, and the object they become. A part's bytes are the extents of a nameless
 * inode; completing moves those extents to one new inode, whatever their number, in one
 * transaction.
 */
final class MultipartAssembly {
  private final Publication publication;
  private final ObjectLookup lookup;
  private final UploadRecords uploads;

  MultipartAssembly(Publication publication, ObjectLookup lookup, UploadRecords uploads) {
    this.publication = publication;
    this.lookup = lookup;
    this.uploads = uploads;
  }

  static void requirePartNumber(int number) {
    if (number < 1 || number > ObjectView.MAX_PARTS) {
      throw new EngineException(ErrorCode.INVALID_ARGUMENT, "parts are numbered 1 to 10,000");
    }
  }

  // --- parts

  /**
   * A part to add.
   *
   * @param inode a new number
   * @param bytes puts the extents, once the inode is there
   */
  record NewPart(
      int number,
      InodeId inode,
      long size,
      String etag,
      SortedMap<String, String> checksums,
      Consumer<Transaction> bytes) {}

  /** Adds or replaces a part. */
  PartInfo putPart(Transaction tx, Place place, UploadId upload, NewPart part) {
    uploads.require(tx, place.caller(), place.bucket(), place.key(), upload);
    tx.create(
        new InodeEdit(part.inode(), FileType.REGULAR, tx.now())
            .size(part.size())
            .owner(place.caller().uid())
            .group(place.caller().gid())
            .done());
    part.bytes().accept(tx);
    Uploads.Part row =
        new Uploads.Part(
            part.number(),
            part.inode(),
            part.size(),
            part.etag(),
            tx.now(),
            StoredProperties.of(ObjectProperties.NONE.withChecksums(part.checksums())).encode());
    tx.putPart(upload.value(), row);
    return UploadRecords.partInfo(row);
  }

  /** A part that shares extents of an object. */
  PartInfo copyPart(
      Transaction tx,
      Place place,
      UploadId upload,
      int number,
      ObjectInfo source,
      Optional<ByteRange> range) {
    ByteRange copied = range.orElse(new ByteRange(0, source.size()));
    if (copied.end() > source.size()) {
      throw new EngineException(
          ErrorCode.INVALID_RANGE, "the source has " + source.size() + " bytes");
    }
    InodeId inode = tx.newInodeId();
    NewPart part =
        new NewPart(
            number,
            inode,
            copied.length(),
            ContentTag.ofCopiedPart(inode, tx.now()),
            new TreeMap<>(),
            t -> t.copyExtents(source.inode(), copied.offset(), copied.length(), inode, 0));
    return putPart(tx, place, upload, part);
  }

  // --- completion

  /** Publishes the concatenation; or finds that it was published before. */
  ObjectInfo complete(
      Transaction tx,
      Place place,
      UploadId upload,
      List<CompletedPart> named,
      SortedMap<String, String> checksums) {
    InodeId bucket = KeyPath.bucket(TreeReader.of(tx), place.caller(), place.bucket()).inode().id();
    Uploads.Row row = UploadRecords.find(tx.uploads(), bucket, place.key(), upload);
    if (row.completed().isPresent()) {
      return repeated(tx, place, new InodeId(row.completed().getAsLong()), named);
    }
    List<Uploads.Part> parts = select(tx, upload, named);
    long size = parts.stream().mapToLong(Uploads.Part::size).sum();
    if (size > ObjectView.MAX_OBJECT_SIZE) {
      throw new EngineException(ErrorCode.FILE_TOO_LARGE, "an object has at most 5 TiB");
    }
    InodeId inode = tx.newInodeId();
    Content content =
        new Content(
            inode,
            size,
            ContentTag.ofParts(parts.stream().map(Uploads.Part::etag).toList()),
            StoredProperties.decode(row.properties()).properties().withChecksums(checksums),
            t -> move(t, parts, inode));
    ObjectInfo info = publication.publish(tx, place, content);
    Set<InodeId> emptied = new HashSet<>();
    parts.forEach(part -> emptied.add(part.inode()));
    tx.completeUpload(upload.value(), inode, emptied);
    return info;
  }

  private static void move(Transaction tx, List<Uploads.Part> parts, InodeId to) {
    long offset = 0;
    for (Uploads.Part part : parts) {
      if (part.size() > 0) {
        tx.moveExtents(part.inode(), to, offset);
      }
      offset += part.size();
    }
  }

  /** The parts that were named, checked. */
  private static List<Uploads.Part> select(
      Transaction tx, UploadId upload, List<CompletedPart> named) {
    if (named.isEmpty()) {
      throw new EngineException(ErrorCode.INVALID_PART, "no part was named");
    }
    Map<Integer, Uploads.Part> known = new HashMap<>();
    for (Uploads.Part part : tx.uploads().parts(upload.value(), 0, ObjectView.MAX_PARTS)) {
      known.put(part.number(), part);
    }
    List<Uploads.Part> parts = new ArrayList<>(named.size());
    int before = 0;
    for (CompletedPart each : named) {
      if (each.number() <= before) {
        throw new EngineException(ErrorCode.INVALID_PART_ORDER, "parts come in ascending order");
      }
      before = each.number();
      parts.add(match(each, Optional.ofNullable(known.get(each.number()))));
    }
    for (Uploads.Part part : parts.subList(0, parts.size() - 1)) {
      if (part.size() < ObjectView.MIN_PART_SIZE) {
        throw new EngineException(
            ErrorCode.PART_TOO_SMALL, "part " + part.number() + " has less than 5 MiB");
      }
    }
    return parts;
  }

  private static Uploads.Part match(CompletedPart named, Optional<Uploads.Part> known) {
    Uploads.Part part =
        known
            .filter(there -> there.etag().equals(named.etag()))
            .orElseThrow(() -> invalidPart(named.number()));
    if (!named.checksums().isEmpty()) {
      Map<String, String> checksums = UploadRecords.partInfo(part).checksums();
      named
          .checksums()
          .forEach((algorithm, value) -> {
            if (!value.equals(checksums.get(algorithm))) {
              throw invalidPart(named.number());
            }
          });
    }
    return part;
  }

  private static EngineException invalidPart(int number) {
    return new EngineException(
        ErrorCode.INVALID_PART, "part " + number + " was not uploaded, or is another one");
  }

  /** The same completion again: the object must stand, and be of these parts. */
  private ObjectInfo repeated(
      Transaction tx, Place place, InodeId became, List<CompletedPart> named) {
    ObjectLookup.Found found =
        lookup
            .find(TreeReader.of(tx), place.caller(), place.bucket(), place.key())
            .filter(object -> object.step().inode().id().equals(became))
            .orElseThrow(UploadRecords::noSuchUpload);
    List<String> etags = named.stream().map(CompletedPart::etag).toList();
    Optional<String> etag = found.row().map(Objects.Row::etag);
    if (etag.isEmpty() || !ContentTag.isOfParts(etag.get(), etags)) {
      throw UploadRecords.noSuchUpload();
    }
    return lookup.info(place.key(), found);
  }
}
