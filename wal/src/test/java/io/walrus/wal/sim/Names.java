package io.walrus.wal.sim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which names lead to which files: as programs see it, and as the disk holds it. Changes wait until
 * a directory of theirs is synced; a crash loses any of them. The disk's lock guards it.
 */
final class Names {

    /** A file, or a directory (null contents). */
    record Node(Contents contents) {
        boolean isDirectory() {
            return contents == null;
        }
    }

    /** A change that is not durable: one name gone, one name there, or both in one step. */
    private record Change(Path gone, Path there, Node node) {
        boolean isIn(Path dir) {
            return gone != null && dir.equals(gone.getParent())
                    || there != null && dir.equals(there.getParent());
        }

        void apply(SortedMap<Path, Node> names) {
            if (gone != null) {
                removeTree(names, gone);
            }
            if (there != null) {
                names.put(there, node);
            }
        }
    }

    private static void removeTree(SortedMap<Path, Node> names, Path gone) {
        Node node = names.remove(gone);
        if (node != null && node.isDirectory()) {
            // What is left in it by name is in no directory that ever comes back.
            names.keySet().removeIf(path -> path.startsWith(gone));
        }
    }

    private final SortedMap<Path, Node> live = new TreeMap<>();
    private final SortedMap<Path, Node> stored = new TreeMap<>();
    private final List<Change> pending = new ArrayList<>();

    Node get(Path path) {
        return path.getNameCount() == 0 ? new Node(null) : live.get(path);
    }

    SortedMap<Path, Node> all() {
        return live;
    }

    List<String> list(Path dir) {
        return live.keySet().stream()
                .filter(path -> path.getNameCount() == dir.getNameCount() + 1)
                .filter(path -> path.startsWith(dir))
                .map(path -> path.getFileName().toString())
                .sorted()
                .toList();
    }

    void add(Path path, Node node) {
        change(new Change(null, path, node));
    }

    void remove(Path path) {
        change(new Change(path, null, null));
    }

    void rename(Path from, Path to) {
        change(new Change(from, to, live.get(from)));
    }

    private void change(Change change) {
        change.apply(live);
        pending.add(change);
    }

    void sync(Path dir) {
        for (var each = pending.iterator(); each.hasNext(); ) {
            Change change = each.next();
            if (change.isIn(dir)) {
                change.apply(stored);
                each.remove();
            }
        }
    }

    /**
     * Some changes reach the disk by themselves, as they may at any time; of one name, in order.
     */
    void storeSome(Random chance, double share) {
        var waiting = new HashSet<Path>();
        for (var each = pending.iterator(); each.hasNext(); ) {
            Change change = each.next();
            boolean isFree = !waiting.contains(change.gone) && !waiting.contains(change.there);
            if (isFree && chance.nextDouble() < share) {
                change.apply(stored);
                each.remove();
            } else {
                waiting.add(change.gone);
                waiting.add(change.there);
                waiting.remove(null);
            }
        }
    }

    /** What a restarted machine finds: stored names whose directories are stored too. */
    Names afterPowerCut() {
        var after = new Names();
        var survivors = new IdentityHashMap<Contents, Node>();
        stored.forEach(
                (path, node) -> {
                    Path parent = path.getParent();
                    if (parent.getNameCount() == 0 || after.live.containsKey(parent)) {
                        after.add(
                                path,
                                node.isDirectory()
                                        ? node
                                        : survivors.computeIfAbsent(
                                                node.contents,
                                                old -> new Node(old.afterPowerCut())));
                    }
                });
        after.stored.putAll(after.live);
        after.pending.clear();
        return after;
    }

    /** The same names and files, what is pending still pending. */
    Names copy() {
        var copy = new Names();
        var twins = new HashMap<Node, Node>();
        live.forEach((path, node) -> copy.live.put(path, twin(node, twins)));
        stored.forEach((path, node) -> copy.stored.put(path, twin(node, twins)));
        for (Change change : pending) {
            copy.pending.add(
                    new Change(
                            change.gone,
                            change.there,
                            change.node == null ? null : twin(change.node, twins)));
        }
        return copy;
    }

    private static Node twin(Node node, Map<Node, Node> twins) {
        return node.isDirectory()
                ? node
                : twins.computeIfAbsent(node, old -> new Node(old.contents.copy()));
    }
}
