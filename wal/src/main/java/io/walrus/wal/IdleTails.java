package io.walrus.wal;

import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Takes the tail from files that nobody appended to between two syncs: its memory is for those who
 * do. The syncs' thread only.
 */
final class IdleTails {

    private Map<StreamFile, Stream> before = Map.of();

    /** What was appended to a file is in it. */
    void synced(List<DirtyFiles.Dirty> files) throws IOException {
        Map<StreamFile, Stream> now = new IdentityHashMap<>();
        for (DirtyFiles.Dirty one : files) {
            if (one.file().bytes().keepsTail()) {
                now.put(one.file(), one.stream());
            }
        }
        for (Map.Entry<StreamFile, Stream> last : before.entrySet()) {
            if (!now.containsKey(last.getKey())) {
                last.getValue().dropTail(last.getKey());
            }
        }
        before = now;
    }
}
