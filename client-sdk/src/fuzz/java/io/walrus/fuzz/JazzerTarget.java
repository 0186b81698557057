package io.walrus.fuzz;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Method;

/** What Jazzer calls: the {@link Fuzzed} method that its argument names, as class#method. */
public final class JazzerTarget {

    private static MethodHandle target;

    private JazzerTarget() {}

    /** Called once. */
    public static void fuzzerInitialize(String[] args) throws ReflectiveOperationException {
        String[] name = args[0].split("#");
        Method method = Class.forName(name[0]).getDeclaredMethod(name[1], byte[].class);
        method.setAccessible(true);
        target = MethodHandles.lookup().unreflect(method);
    }

    /** Called for each input. */
    public static void fuzzerTestOneInput(byte[] input) throws Throwable {
        target.invokeExact(input);
    }
}
