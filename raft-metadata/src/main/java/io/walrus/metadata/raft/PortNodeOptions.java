package io.walrus.metadata.raft;

import com.alipay.sofa.jraft.option.NodeOptions;

/**
 * The library's node options with the port they belong to: how the library's own clients find the
 * port of their member.
 */
final class PortNodeOptions extends NodeOptions {
    private final MemberPort port;

    PortNodeOptions(MemberPort port) {
        this.port = port;
    }

    MemberPort port() {
        return port;
    }

    @Override
    public NodeOptions copy() {
        throw new UnsupportedOperationException("a member's options are not shared");
    }
}
