package io.forebay.engine.assembly;

import io.forebay.engine.BucketInfo;
import io.forebay.engine.BucketName;
import io.forebay.engine.Caller;
import io.forebay.engine.DirectoryEntry;
import io.forebay.engine.DirectoryPage;
import io.forebay.engine.Durability;
import io.forebay.engine.FileAttributes;
import io.forebay.engine.FileSystem;
import io.forebay.engine.FileType;
import io.forebay.engine.InodeId;
import io.forebay.engine.ListRequest;
import io.forebay.engine.ObjectInfo;
import io.forebay.engine.ObjectListing.Listed;
import io.forebay.engine.ObjectView;
import io.forebay.engine.OpenAccess;
import io.forebay.engine.OpenCheck;
import io.forebay.engine.OpenFile;
import io.forebay.engine.PartInfo;
import io.forebay.engine.ReadResult;
import io.forebay.engine.UploadInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** All that clients can see of a volume, as lines of text: two volumes are alike if these are. */
final class VolumeDescription {
  private static final int PAGE = 1000;
  private final FileSystem files;
  private final ObjectView objects;
  private final List<String> lines = new ArrayList<>();

  private VolumeDescription(Engine engine) {
    files = engine.fileSystem(Durability.LOCAL);
    objects = engine.objects(Durability.LOCAL);
  }

  /**
   * Everything with a name, and what S3 shows; and the named inodes, which have no name any more.
   */
  static List<String> of(Engine engine, List<InodeId> unnamed) {
    VolumeDescription description = new VolumeDescription(engine);
    description.directory("", InodeId.ROOT);
    for (InodeId inode : unnamed) {
      description.node("unnamed", description.files.attributes(inode));
    }
    for (BucketInfo bucket : description.objects.buckets(Caller.ROOT)) {
      description.bucket(bucket.name());
    }
    return List.copyOf(description.lines);
  }

  private void directory(String path, InodeId inode) {
    node(path.isEmpty() ? "/" : path, files.attributes(inode));
    long cookie = 0;
    DirectoryPage page;
    do {
      page = files.readDirectory(Caller.ROOT, inode, cookie, PAGE);
      for (DirectoryEntry entry : page.entries()) {
        String child = path + "/" + entry.name();
        if (entry.attributes().isDirectory()) {
          directory(child, entry.attributes().inode());
        } else {
          node(child, entry.attributes());
        }
        cookie = entry.cookie();
      }
    } while (!page.end());
  }

  private void node(String path, FileAttributes its) {
    String line =
        "%s: %s inode=%d generation=%d mode=%o links=%d uid=%d gid=%d times=%d,%d,%d,%d change=%d"
            .formatted(
                path,
                its.type(),
                its.inode().value(),
                its.generation(),
                its.mode(),
                its.linkCount(),
                its.uid(),
                its.gid(),
                its.accessNanos(),
                its.modifyNanos(),
                its.changeNanos(),
                its.birthNanos(),
                its.change());
    if (its.isRegular()) {
      line +=
          " size=%d used=%d version=%d sha256=%s"
              .formatted(its.size(), its.spaceUsed(), its.dataVersion(), digest(its));
    } else if (its.type() == FileType.SYMLINK) {
      line +=
          " target="
              + new String(
                  files.readSymlink(Caller.ROOT, its.inode()), StandardCharsets.ISO_8859_1);
    }
    lines.add(line);
  }

  private String digest(FileAttributes its) {
    try (OpenFile file = files.open(Caller.ROOT, its.inode(), OpenAccess.READ, OpenCheck.ENFORCE)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      long offset = 0;
      while (offset < its.size()) {
        try (ReadResult result = file.read(offset, 1 << 20)) {
          byte[] bytes = result.payload().toBytes();
          digest.update(bytes);
          offset += bytes.length;
        }
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private void bucket(BucketName bucket) {
    ListRequest all = new ListRequest("", "", "", PAGE);
    objects
        .list(Caller.ROOT, bucket, all)
        .items()
        .forEach(item -> object(bucket, ((Listed) item).info()));
    for (UploadInfo upload :
        objects.uploads(Caller.ROOT, bucket, "", "", Optional.empty(), PAGE).items()) {
      lines.add(
          "upload %s/%s: id=%s initiated=%d owner=%d properties=%s"
              .formatted(
                  bucket.value(),
                  upload.key(),
                  upload.id().value(),
                  upload.initiatedNanos(),
                  upload.owner(),
                  upload.properties()));
      for (PartInfo part :
          objects.parts(Caller.ROOT, bucket, upload.key(), upload.id(), 0, PAGE).items()) {
        lines.add(
            "part %d: etag=%s size=%d time=%d"
                .formatted(part.number(), part.etag(), part.size(), part.lastModifiedNanos()));
      }
    }
  }

  private void object(BucketName bucket, ObjectInfo its) {
    lines.add(
        "object %s/%s: inode=%d etag=%s size=%d time=%d owner=%d properties=%s"
            .formatted(
                bucket.value(),
                its.key(),
                its.inode().value(),
                its.etag(),
                its.size(),
                its.lastModifiedNanos(),
                its.owner(),
                its.properties()));
  }
}
