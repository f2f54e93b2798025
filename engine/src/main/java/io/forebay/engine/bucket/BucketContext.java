package io.forebay.engine.bucket;

import io.forebay.engine.file.FileContents;
import io.forebay.engine.file.TreeEdits;
import io.forebay.engine.metadata.MetadataStore;
import io.forebay.engine.segment.SegmentPins;
import io.forebay.engine.segment.SegmentWriter;
import java.util.random.RandomGenerator;

/**
 * What the object view is built on; shared by the views of all durability levels.
 *
 * @param store the volume's metadata
 * @param writer where content goes in
 * @param pins those of {@code writer}
 * @param contents the bytes of files, uncommitted ones included
 * @param tree changes of the tree
 * @param random thread-safe; for upload ids that nobody can guess
 * @param settings what new inodes look like
 */
public record BucketContext(
    MetadataStore store,
    SegmentWriter writer,
    SegmentPins pins,
    FileContents contents,
    TreeEdits tree,
    RandomGenerator random,
    BucketSettings settings) {}
