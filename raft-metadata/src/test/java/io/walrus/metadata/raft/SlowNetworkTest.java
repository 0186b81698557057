package io.walrus.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.walrus.metadata.MetadataCommand.CreateTopic;
import io.walrus.metadata.MetadataCommand.Placement;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that are slow to answer are not members that are gone. */
final class SlowNetworkTest {
    @TempDir Path directory;

    @Test
    void membersThatTakeAThirdOfASecondToGreetFindEachOther() {
        try (Members members = new Members(directory)) {
            Network network = new Network(members.vertx);
            network.delay(80);
            List<String> others = new ArrayList<>();
            for (int id = 1; id <= 3; id++) {
                RaftMetadata node =
                        members.launch(
                                members.options(id)
                                        .advertisePort(network.portOf(id))
                                        .bootstrap(id == 1)
                                        .join(List.copyOf(others)));
                network.connect(id, node.actualPort());
                Members.await(node.ready());
                others.add("127.0.0.1:" + network.portOf(id));
            }
            Members.eventually(
                    () ->
                            Members.await(
                                            members.follower()
                                                    .propose(
                                                            new CreateTopic(
                                                                    "logs", Placement.single(1))))
                                    .isApplied());
            assertThat(members.leader().view().topics()).containsOnlyKeys("logs");
        }
    }
}
