package io.walrus.it.house;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The map itself, as data: one line per room. */
final class HouseMap {

    private static final String MAP =
            """
            wal.format              :
            wal.disk                :
            wal                     : wal.format wal.disk
            wal.tool                : wal wal.format wal.disk

            metadata                :
            metadata.lease          : metadata
            metadata.codec          : metadata
            metadata.raft           : metadata metadata.lease metadata.codec

            protocol                :
            client                  : protocol
            cli.load                : client
            cli                     : client protocol cli.load

            node.observe            : node.storage metadata metadata.raft wal
            node.console            : node.observe protocol
            node.access             : protocol
            node.tls                :
            node.storage            : wal metadata metadata.lease
            node.peer               : protocol client metadata
            node.routing            : node.storage node.peer metadata metadata.lease wal protocol
            node.protocol           : node.access node.routing node.observe node.peer metadata protocol
            node.demo               : client cli protocol
            node.doctor             : wal
            node                    : node.access node.tls node.protocol node.routing node.storage node.peer node.observe node.console node.demo node.doctor metadata metadata.raft metadata.lease wal wal.tool client cli protocol
            node.junit              : node client
            """;

    private HouseMap() {}

    static Map<String, Set<String>> arrows() {
        var arrows = new TreeMap<String, Set<String>>();
        MAP.lines()
                .filter(line -> !line.isBlank())
                .forEach(
                        line -> {
                            String[] halves = line.split(":", 2);
                            var known = new TreeSet<String>();
                            Arrays.stream(halves[1].trim().split("\\s+"))
                                    .filter(room -> !room.isEmpty())
                                    .forEach(room -> known.add("io.walrus." + room));
                            arrows.put("io.walrus." + halves[0].trim(), known);
                        });
        return arrows;
    }
}
