package io.walrus.node.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class DoctorCommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir private Path directory;

    @Test
    void measuresBelowTheDataDirectoryAndLeavesNothingBehind() throws IOException {
        doctor("--data-dir", directory.resolve("not/yet").toString(), "--client-port", "0");

        assertThat(text())
                .containsPattern("(?m)^\\w+ +java +")
                .containsPattern("sync +1 writer: about [0-9,]+ durable appends")
                .contains("10 writers: about")
                .contains("100 writers: about");
        try (var left = Files.list(directory)) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aPortThatIsTakenHurts() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int exitCode =
                    doctor(
                            "--data-dir",
                            directory.toString(),
                            "--client-port",
                            Integer.toString(taken.getLocalPort()));

            assertThat(exitCode).isEqualTo(1);
            assertThat(text())
                    .containsPattern(
                            "(?m)^hurts +ports +client port .*choose another --client-port")
                    .contains("will hurt.");
        }
    }

    @Test
    void wrongNumbersAreUsageErrors() {
        assertThat(doctor("--client-port", "70000")).isEqualTo(2);
        assertThat(doctor("--millis", "0")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("see --help");
    }

    @Test
    void smallLimitsHurtMiddlingOnesAreNotedGoodOnesAreOk() {
        assertThat(MachineLook.memory(32, 1_000).verdict()).isEqualTo(Finding.Verdict.HURTS);
        assertThat(MachineLook.memory(100, 1_000).verdict()).isEqualTo(Finding.Verdict.NOTE);
        assertThat(MachineLook.memory(128, 1_000).verdict()).isEqualTo(Finding.Verdict.OK);
        assertThat(MachineLook.openFiles(256).verdict()).isEqualTo(Finding.Verdict.HURTS);
        assertThat(MachineLook.openFiles(1_024).verdict()).isEqualTo(Finding.Verdict.NOTE);
        assertThat(MachineLook.openFiles(65_536).verdict()).isEqualTo(Finding.Verdict.OK);
        assertThat(DiskLook.free(100).verdict()).isEqualTo(Finding.Verdict.HURTS);
        assertThat(DiskLook.free(1_000).verdict()).isEqualTo(Finding.Verdict.NOTE);
        assertThat(DiskLook.free(10_000).verdict()).isEqualTo(Finding.Verdict.OK);
    }

    @Test
    void aDiskInMemoryHurtsAndANetworkDiskIsNoted() {
        assertThat(DiskLook.kind("tmpfs").verdict()).isEqualTo(Finding.Verdict.HURTS);
        assertThat(DiskLook.kind("nfs4").verdict()).isEqualTo(Finding.Verdict.NOTE);
        assertThat(DiskLook.kind("ext4").verdict()).isEqualTo(Finding.Verdict.OK);
    }

    @Test
    void aSlowSyncHurtsAndOneThatIsTooFastIsDoubted() {
        assertThat(SyncLook.inWords(Map.of(1, 40L)).get(0).verdict())
                .isEqualTo(Finding.Verdict.HURTS);
        assertThat(SyncLook.inWords(Map.of(1, 400_000L)).get(0).verdict())
                .isEqualTo(Finding.Verdict.NOTE);
        assertThat(SyncLook.inWords(Map.of(100, 50_000L)).get(0))
                .isEqualTo(
                        Finding.ok(
                                "sync",
                                "100 writers: about 50,000 durable appends of 1 KiB a second together, 2.00 ms each"));
    }

    private int doctor(String... arguments) {
        DoctorCommand command =
                new DoctorCommand(
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        System::nanoTime);
        List<String> all = new ArrayList<>(List.of("--raft-port=0", "--millis=20"));
        all.addAll(List.of(arguments));
        CommandLine line = new CommandLine(command).setOverwrittenOptionsAllowed(true);
        return line.execute(all.toArray(String[]::new));
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
