package io.forebay.nfs.handler;

import io.forebay.engine.Caller;
import io.forebay.engine.FileSystem;
import io.forebay.nfs.ClientRule;
import io.forebay.nfs.ClientRule.Squash;
import io.forebay.nfs.rpc.Credential;
import java.util.Set;
import java.util.stream.Collectors;

/** An export as one client may use it. */
record ExportAccess(ServedExport export, ClientRule rule) {
  FileSystem fileSystem() {
    return export.fileSystem();
  }

  boolean isReadOnly() {
    return rule.readOnly();
  }

  /** Who a credential is here. Without AUTH_SYS: the anonymous user. */
  Caller caller(Credential credential) {
    return switch (credential) {
      case Credential.None none -> anonymous();
      case Credential.Sys sys ->
          switch (rule.squash()) {
            case NONE -> new Caller(sys.uid(), sys.gid(), Set.copyOf(sys.groups()));
            case ROOT -> squashRoot(sys);
            case ALL -> anonymous();
          };
    };
  }

  private Caller anonymous() {
    return Caller.of(rule.anonymousUid(), rule.anonymousGid());
  }

  /** As exports(5) has it: user 0 and group 0 are taken away one by one. */
  private Caller squashRoot(Credential.Sys sys) {
    return new Caller(
        sys.uid() == 0 ? rule.anonymousUid() : sys.uid(),
        squashGroup(sys.gid()),
        sys.groups().stream().map(this::squashGroup).collect(Collectors.toUnmodifiableSet()));
  }

  private int squashGroup(int gid) {
    return gid == 0 && rule.squash() == Squash.ROOT ? rule.anonymousGid() : gid;
  }
}
