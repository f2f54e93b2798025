package io.forebay.engine.bucket;

import io.forebay.engine.BucketInfo;
import io.forebay.engine.BucketLock;
import io.forebay.engine.BucketName;
import io.forebay.engine.BucketSetting;
import io.forebay.engine.ByteRange;
import io.forebay.engine.Caller;
import io.forebay.engine.CompletedPart;
import io.forebay.engine.ContentWriter;
import io.forebay.engine.CopySource;
import io.forebay.engine.Deleted;
import io.forebay.engine.Durability;
import io.forebay.engine.EngineException;
import io.forebay.engine.ErrorCode;
import io.forebay.engine.InodeId;
import io.forebay.engine.ListRequest;
import io.forebay.engine.LockChange;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectKey;
import io.forebay.engine.ObjectListing;
import io.forebay.engine.ObjectProperties;
import io.forebay.engine.ObjectView;
import io.forebay.engine.OpenObject;
import io.forebay.engine.Page;
import io.forebay.engine.PartInfo;
import io.forebay.engine.UploadId;
import io.forebay.engine.UploadInfo;
import io.forebay.engine.VersionId;
import io.forebay.engine.VersionListing;
import io.forebay.engine.Versioning;
import io.forebay.engine.WriteCondition;
import io.forebay.engine.bucket.ObjectLookup.Found;
import io.forebay.engine.bucket.Publication.Content;
import io.forebay.engine.bucket.Publication.Place;
import io.forebay.engine.file.BucketRules;
import io.forebay.engine.file.PinnedContent;
import io.forebay.engine.metadata.MetadataStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * The object view of a volume. Views of different durability share everything but that: they have
 * no state of their own.
 */
public final class StoredObjectView implements ObjectView {
  private final BucketContext context;
  private final Durability durability;
  private final MetadataStore store;
  private final TreeReader committed;
  private final ObjectLookup lookup;
  private final Publication publication;
  private final ObjectRemoval removal;
  private final ObjectVersions versions;
  private final BucketConfiguration configuration;
  private final Buckets buckets;
  private final CopyOrigin origin;
  private final ObjectCopy copies;
  private final UploadRecords uploads;
  private final MultipartAssembly assembly;

  /**
   * @param durability what an answer of this view promises
   */
  public StoredObjectView(BucketContext context, Durability durability) {
    this.context = context;
    this.durability = durability;
    this.store = context.store();
    this.committed = TreeReader.of(store);
    this.lookup = new ObjectLookup(context.contents());
    this.publication = new Publication(context.tree(), lookup, context.settings());
    this.removal = new ObjectRemoval(context.tree(), lookup);
    this.versions =
        new ObjectVersions(store, context.contents(), context.tree(), lookup, publication, removal);
    this.configuration = new BucketConfiguration(store, context.tree());
    this.buckets = new Buckets(store, context.tree(), publication);
    this.origin = new CopyOrigin(store, context.contents(), lookup, versions);
    this.copies = new ObjectCopy(publication);
    this.uploads = new UploadRecords(store, publication, context.random());
    this.assembly = new MultipartAssembly(publication, lookup, uploads);
  }

  // --- buckets

  @Override
  public List<BucketInfo> buckets(Caller caller) {
    return buckets.list(caller);
  }

  @Override
  public BucketInfo bucket(Caller caller, BucketName bucket) {
    return buckets.get(caller, bucket);
  }

  @Override
  public BucketInfo createBucket(Caller caller, BucketName bucket) {
    return buckets.create(caller, bucket);
  }

  @Override
  public void deleteBucket(Caller caller, BucketName bucket) {
    uploads.abortAll(buckets.delete(caller, bucket));
  }

  // --- objects

  @Override
  public ObjectInfo head(Caller caller, BucketName bucket, ObjectKey key) {
    return ObjectLookup.untorn(
        () -> lookup.info(key, lookup.readable(committed, caller, bucket, key)));
  }

  @Override
  public OpenObject open(Caller caller, BucketName bucket, ObjectKey key) {
    return ObjectLookup.untorn(() -> {
      Found found = lookup.readable(committed, caller, bucket, key);
      if (key.isDirectory()) {
        return PinnedObject.empty(lookup.info(key, found));
      }
      PinnedContent content = context.contents().pin(found.step().inode().id());
      return new PinnedObject(ObjectLookup.info(key, content.attributes(), found.row()), content);
    });
  }

  @Override
  public ContentWriter newContent(Caller caller, long expectedLength) {
    return new StagedContent(
        context.writer(), context.pins(), store.leaseInodeId(), expectedLength);
  }

  @Override
  public void checkPut(Caller caller, BucketName bucket, ObjectKey key) {
    ObjectLookup.untorn(() -> publication.check(committed, caller, bucket, key));
  }

  @Override
  public ObjectInfo put(
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      ContentWriter content,
      String md5,
      ObjectProperties properties,
      WriteCondition condition) {
    StagedContent staged = StagedContent.of(content);
    ContentTag.requireDigest(md5);
    if (key.isDirectory() && staged.length() > 0) {
      throw new EngineException(
          ErrorCode.DIRECTORY_OBJECT_HAS_DATA, "an object whose key ends in a slash is empty");
    }
    staged.settle(durability);
    Place place = new Place(caller, bucket, key, condition);
    Content published =
        new Content(staged.inode(), staged.length(), md5, properties, staged::putInto);
    return staged.publish(() -> store.write(tx -> publication.publish(tx, place, published)));
  }

  @Override
  public ObjectInfo copy(
      Caller caller,
      CopySource source,
      BucketName bucket,
      ObjectKey key,
      Optional<ObjectProperties> replacement,
      WriteCondition condition) {
    Place place = new Place(caller, bucket, key, condition);
    ObjectInfo copy =
        origin.with(
            caller,
            source,
            (tx, found, info) ->
                source.bucket().equals(bucket)
                        && source.key().equals(key)
                        && !configuration.isVersioned(tx, caller, bucket)
                    ? copies.ontoItself(tx, place, found, info, replacement)
                    : copies.to(tx, place, info, replacement));
    storeBytes(copy.inode());
    return copy;
  }

  /** Bytes that were there before may be in staging yet. */
  private void storeBytes(InodeId inode) {
    if (durability == Durability.BUCKET) {
      context.writer().store(store.read(snapshot -> snapshot.extents().segments(inode)));
    }
  }

  @Override
  public ObjectInfo head(Caller caller, BucketName bucket, ObjectKey key, VersionId version) {
    return versions.head(caller, bucket, key, version);
  }

  @Override
  public OpenObject open(Caller caller, BucketName bucket, ObjectKey key, VersionId version) {
    return versions.open(caller, bucket, key, version);
  }

  @Override
  public boolean delete(Caller caller, BucketName bucket, ObjectKey key, WriteCondition condition) {
    return remove(caller, bucket, key, condition).existed();
  }

  @Override
  public Deleted remove(Caller caller, BucketName bucket, ObjectKey key, WriteCondition condition) {
    boolean thereNow =
        ObjectLookup.untorn(() -> lookup.find(committed, caller, bucket, key).isPresent());
    if (!thereNow && !configuration.marksMissing(caller, bucket, key)) {
      ObjectLookup.check(condition, Optional.empty(), false);
      return new Deleted(false, Optional.empty(), false);
    }
    return store.write(tx -> removal.delete(tx, caller, bucket, key, condition));
  }

  @Override
  public Deleted removeVersion(
      Caller caller, BucketName bucket, ObjectKey key, VersionId version, boolean bypass) {
    return store.write(tx -> versions.remove(tx, caller, bucket, key, version, bypass));
  }

  @Override
  public VersionListing versions(
      Caller caller,
      BucketName bucket,
      String prefix,
      String delimiter,
      String afterKey,
      Optional<VersionId> afterVersion,
      int limit) {
    return versions.list(caller, bucket, prefix, delimiter, afterKey, afterVersion, limit);
  }

  @Override
  public ObjectInfo setLock(
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      Optional<VersionId> version,
      LockChange change) {
    return store.write(tx -> versions.setLock(tx, caller, bucket, key, version, change));
  }

  @Override
  public Map<BucketSetting, byte[]> settings(Caller caller, BucketName bucket) {
    return configuration.get(caller, bucket);
  }

  @Override
  public void putSetting(
      Caller caller, BucketName bucket, BucketSetting setting, Optional<byte[]> value) {
    configuration.put(caller, bucket, setting, value);
  }

  @Override
  public Versioning versioning(Caller caller, BucketName bucket) {
    return BucketRules.versioning(configuration.get(caller, bucket));
  }

  @Override
  public void setVersioning(Caller caller, BucketName bucket, Versioning versioning) {
    configuration.setVersioning(caller, bucket, versioning);
  }

  @Override
  public Optional<BucketLock> objectLock(Caller caller, BucketName bucket) {
    return configuration.objectLock(caller, bucket);
  }

  @Override
  public void setObjectLock(Caller caller, BucketName bucket, BucketLock lock) {
    configuration.setObjectLock(caller, bucket, lock);
  }

  @Override
  public ObjectListing list(Caller caller, BucketName bucket, ListRequest request) {
    return new Listings(store, context.contents()).list(caller, bucket, request);
  }

  @Override
  public ObjectInfo setTags(
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      Optional<VersionId> version,
      Map<String, String> tags) {
    return store.write(tx -> versions.setTags(tx, caller, bucket, key, version, tags));
  }

  // --- multipart uploads

  @Override
  public UploadInfo createUpload(
      Caller caller, BucketName bucket, ObjectKey key, ObjectProperties properties) {
    return uploads.create(caller, bucket, key, properties);
  }

  @Override
  public UploadInfo upload(Caller caller, BucketName bucket, ObjectKey key, UploadId upload) {
    return uploads.get(caller, bucket, key, upload);
  }

  @Override
  public PartInfo putPart(
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      UploadId upload,
      int number,
      ContentWriter content,
      String md5,
      SortedMap<String, String> checksums) {
    StagedContent staged = StagedContent.of(content);
    MultipartAssembly.requirePartNumber(number);
    MultipartAssembly.NewPart part =
        new MultipartAssembly.NewPart(
            number,
            staged.inode(),
            staged.length(),
            ContentTag.requireDigest(md5),
            checksums,
            staged::putInto);
    Place place = new Place(caller, bucket, key, WriteCondition.ALWAYS);
    staged.settle(durability);
    return staged.publish(() -> store.write(tx -> assembly.putPart(tx, place, upload, part)));
  }

  @Override
  public PartInfo copyPart(
      Caller caller,
      CopySource source,
      Optional<ByteRange> range,
      BucketName bucket,
      ObjectKey key,
      UploadId upload,
      int number) {
    MultipartAssembly.requirePartNumber(number);
    Place place = new Place(caller, bucket, key, WriteCondition.ALWAYS);
    return origin.with(
        caller,
        source,
        (tx, found, info) -> assembly.copyPart(tx, place, upload, number, info, range));
  }

  @Override
  public ObjectInfo completeUpload(
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      UploadId upload,
      List<CompletedPart> parts,
      SortedMap<String, String> checksums,
      WriteCondition condition) {
    Place place = new Place(caller, bucket, key, condition);
    ObjectInfo info = store.write(tx -> assembly.complete(tx, place, upload, parts, checksums));
    storeBytes(info.inode());
    return info;
  }

  @Override
  public void abortUpload(Caller caller, BucketName bucket, ObjectKey key, UploadId upload) {
    uploads.abort(caller, bucket, key, upload);
  }

  @Override
  public Page<PartInfo> parts(
      Caller caller,
      BucketName bucket,
      ObjectKey key,
      UploadId upload,
      int afterNumber,
      int limit) {
    return uploads.parts(caller, bucket, key, upload, afterNumber, limit);
  }

  @Override
  public Page<UploadInfo> uploads(
      Caller caller,
      BucketName bucket,
      String prefix,
      String afterKey,
      Optional<UploadId> afterId,
      int limit) {
    return uploads.list(caller, bucket, prefix, afterKey, afterId, limit);
  }

  /**
   * Drops uploads that have taken too long, and what is remembered of completed ones; for
   * maintenance.
   *
   * @param initiatedBeforeNanos since 1970-01-01T00:00:00Z
   * @param limit the most to drop in this call
   * @return how many were dropped; fewer than the limit: there are no more
   */
  public int expireUploads(long initiatedBeforeNanos, int limit) {
    return uploads.expire(initiatedBeforeNanos, limit);
  }
}
