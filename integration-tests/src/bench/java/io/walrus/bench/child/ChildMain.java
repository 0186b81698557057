package io.walrus.bench.child;

import io.walrus.bench.engine.CannotHere;
import io.walrus.bench.engine.ParentWatch;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Recording;

/** The main class of a child JVM: arguments in, one line of findings out. */
public final class ChildMain {
    /** Exit code of a child whose engine cannot do this here; the reason is its last line of output. */
    public static final int CANNOT = 4;

    private ChildMain() {}

    public static void main(String[] args) throws Exception {
        ParentWatch.start();
        Task task = Task.parse(args);
        Findings findings;
        try {
            findings = run(task);
        } catch (CannotHere e) {
            System.out.println("cannot: " + e.getMessage());
            System.exit(CANNOT);
            return;
        }
        System.out.println(findings.line());
        System.out.flush();
        finishRecordings();
        // Some peers leave threads behind; what had to be on disk has been read back already.
        Runtime.getRuntime().halt(0);
    }

    /** A halted JVM would not write them. */
    private static void finishRecordings() {
        if (FlightRecorder.isInitialized()) {
            FlightRecorder.getFlightRecorder().getRecordings().forEach(Recording::stop);
        }
    }

    private static Findings run(Task task) throws Exception {
        return
                switch (task.kind()) {
                    case APPEND -> new AppendRun(task).run();
                    case FLIGHT -> new FlightRun(task).run();
                    case SCAN -> new ScanRun(task).run();
                    case CONSUME -> new ConsumeRun(task).run();
                    case FILL -> new FillRun(task).run();
                    case OPEN -> new OpenRun(task).run();
                };
    }
}
