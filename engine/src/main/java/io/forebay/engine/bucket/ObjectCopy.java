package io.forebay.engine.bucket;

import io.forebay.engine.FileAttributes;
import io.forebay.engine.InodeId;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.Permission;
import io.forebay.engine.bucket.Publication.Content;
import io.forebay.engine.bucket.Publication.Place;
import io.forebay.engine.file.Permissions;
import io.forebay.engine.metadata.Objects;
import io.forebay.engine.metadata.Transaction;
import java.util.Optional;

/** Copies by reference, inside the transaction that found the source. */
final class ObjectCopy {
  private final Publication publication;

  ObjectCopy(Publication publication) {
    this.publication = publication;
  }

  /** To another key: a new inode that shares the source's extents. */
  ObjectInfo to(
      Transaction tx, Place place, ObjectInfo source, Optional<ObjectProperties> replacement) {
    InodeId inode = tx.newInodeId();
    Content content =
        new Content(
            inode,
            source.size(),
            source.etag(),
            properties(source, replacement),
            t -> t.copyExtents(source.inode(), 0, source.size(), inode, 0));
    return publication.publish(tx, place, content);
  }

  private static ObjectProperties properties(
      ObjectInfo source, Optional<ObjectProperties> replacement) {
    return replacement
        .map(given -> given.withChecksums(source.properties().checksums()))
        .orElse(source.properties());
  }

  /** Onto itself: only the properties can be others. */
  ObjectInfo ontoItself(
      Transaction tx,
      Place place,
      ObjectVersions.Target found,
      ObjectInfo source,
      Optional<ObjectProperties> replacement) {
    FileAttributes attributes = found.inode().attributes();
    Permissions.require(place.caller(), attributes, Permission.WRITE);
    ObjectLookup.check(place.condition(), Optional.of(source), true);
    if (replacement.isEmpty()) {
      return source;
    }
    boolean keeps =
        found
            .object()
            .map(row -> StoredProperties.decode(row.properties()).keepsDirectory())
            .orElse(false);
    Objects.Row row =
        new Objects.Row(
            attributes.dataVersion(),
            source.etag(),
            new StoredProperties(properties(source, replacement), keeps).encode());
    tx.putObject(attributes.inode(), row);
    return ObjectLookup.info(place.key(), attributes, Optional.of(row));
  }
}
