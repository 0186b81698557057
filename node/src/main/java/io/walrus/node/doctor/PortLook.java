package io.walrus.node.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks whether a node could listen at a port, by listening there for a moment. */
final class PortLook {

    private PortLook() {}

    static Finding look(String purpose, String host, int port) {
        String place = "%s port %s:%d".formatted(purpose, host, port);
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getByName(host), port));
            return Finding.ok("ports", place + " is free");
        } catch (IOException taken) {
            return Finding.hurts(
                    "ports",
                    "%s cannot be used: %s; stop what listens there, or choose another --%s-port"
                            .formatted(place, taken.getMessage(), purpose));
        }
    }
}
