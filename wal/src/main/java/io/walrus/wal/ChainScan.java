package io.walrus.wal;

import io.walrus.wal.disk.Disk;
import io.walrus.wal.disk.DiskFile;
import io.walrus.wal.format.FileHeader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Decides what of an unsealed stream's files is kept. Looks at every frame of the files that are
 * not known to be durable as a whole, which are few where anything ever syncs.
 *
 * <p>A file is only ever forced after the one before it. So where a place was lost and nothing
 * behind it was ever durable, the stream ends there: it is what a power cut took of what nobody was
 * promised. That place may be a file's first sector, or all of a file. Where something behind it
 * was durable, it is damage: the stream keeps what is whole, and takes no more entries.
 */
final class ChainScan {

    private static final int MAPPED_FROM_BYTES = 1 << 20;

    private final Disk disk;
    private final Backend backend;
    private final List<FoundFile> files;
    private final Set<Integer> blank;
    private final List<TailScan> scans = new ArrayList<>();
    private final boolean[] durableFrom;
    private final List<Gap> gaps = new ArrayList<>();
    private long bytesScanned;

    /**
     * A place where entries are lost for good, between whole ones.
     *
     * @param stops whether the stream may take no more entries
     */
    record Gap(FoundFile file, long position, long offset, String what, boolean stops) {}

    /**
     * @param files with their headers; some may be damaged
     * @param blank numbers of files that were there and held nothing at all
     */
    ChainScan(Disk disk, Backend backend, List<FoundFile> files, Set<Integer> blank) {
        this.disk = disk;
        this.backend = backend;
        this.files = files;
        this.blank = blank;
        this.durableFrom = new boolean[files.size() + 1];
    }

    /**
     * Scans and decides.
     *
     * @param startOffset where the stream starts
     * @return how many of the files are kept
     */
    int run(long startOffset) throws IOException {
        for (int at = 0; at < files.size(); at++) {
            scans.add(scan(files.get(at), at + 1 == files.size()));
        }
        for (int at = files.size() - 1; at >= 0; at--) {
            TailScan scan = scans.get(at);
            if (scan != null) {
                scan.decide(durableFrom[at + 1]);
            }
            durableFrom[at] = durableFrom[at + 1] || isDurable(files.get(at), scan);
        }
        return keep(startOffset);
    }

    /** Null for a file that is known to be durable as a whole, or whose header is damaged. */
    private TailScan scan(FoundFile found, boolean last) throws IOException {
        if (found.header() == null || !last && found.mark().bytes() >= found.bytes()) {
            return null;
        }
        try (DiskFile file = disk.openReadOnly(found.path())) {
            boolean mapped = backend == Backend.MAPPED && found.bytes() >= MAPPED_FROM_BYTES;
            Window window =
                    mapped
                            ? MappedBytes.windowOver(file.mapReadOnly(found.bytes()))
                            : ChannelBytes.wideWindow(file);
            var scan = new TailScan(window, found);
            scan.run();
            bytesScanned += scan.end();
            return scan;
        }
    }

    private static boolean isDurable(FoundFile file, TailScan scan) {
        return file.header() == null && !file.unwritten()
                || file.mark().bytes() > FileHeader.BYTES
                || scan != null && scan.durableBytes() > FileHeader.BYTES;
    }

    private int keep(long startOffset) {
        long end = startOffset;
        for (int at = 0; at < files.size(); at++) {
            FoundFile file = files.get(at);
            if (file.unwritten() && !durableFrom[at]) {
                return at;
            }
            long first = file.file().firstOffset();
            if (end >= 0 && first > end) {
                boolean lost =
                        isLostWithin(at - 1)
                                || isBlankBefore(at)
                                || !isFileMissing(at) && isTailLost(at - 1);
                if (!durableFrom[at] && lost) {
                    return at;
                }
                FoundFile before = at == 0 ? file : files.get(at - 1);
                long position = at == 0 || scans.get(at - 1) == null ? 0 : scans.get(at - 1).end();
                gaps.add(
                        new Gap(
                                before,
                                position,
                                end,
                                "expected entry %d, found none before entry %d"
                                        .formatted(end, first),
                                !isFileMissing(at)));
            }
            TailScan scan = scans.get(at);
            if (scan != null) {
                addHoles(file, scan);
            }
            end = scan != null ? scan.nextOffset() : -1;
        }
        return files.size();
    }

    /** Entries of this file itself were lost, whatever came behind it. */
    private boolean isLostWithin(int at) {
        return at >= 0 && scans.get(at) != null && scans.get(at).isLostWithin();
    }

    /**
     * Whole files do not vanish in a power cut while later ones stay: somebody removed it. Or its
     * number was skipped, because the file was refused; then no entry is missing.
     */
    private boolean isFileMissing(int at) {
        return at == 0 || files.get(at).file().seq() != files.get(at - 1).file().seq() + 1;
    }

    /** The file before it was there, and none of its bytes arrived. */
    private boolean isBlankBefore(int at) {
        int seq = files.get(at).file().seq();
        return blank.contains(seq - 1) && (at == 0 || files.get(at - 1).file().seq() < seq - 1);
    }

    private boolean isTailLost(int at) {
        return scans.get(at) == null || scans.get(at).isTailLost();
    }

    private void addHoles(FoundFile file, TailScan scan) {
        for (TailScan.Hole hole : scan.holes()) {
            gaps.add(
                    new Gap(
                            file,
                            hole.position(),
                            hole.offset(),
                            "expected entry %d, found damage up to byte %d"
                                    .formatted(hole.offset(), hole.end()),
                            true));
        }
    }

    List<Gap> gaps() {
        return gaps;
    }

    /** What was seen of a file; null if it was not looked at. */
    TailScan scan(int at) {
        return scans.get(at);
    }

    long bytesScanned() {
        return bytesScanned;
    }
}
