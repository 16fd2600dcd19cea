package org.bucketkeeper.testing.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.LongFunction;

/**
 * All of the library's classes once more, some of them changed: nothing static and no class is shared with the others,
 * so that several can run at the same time.
 */
final class SabotagedClasses extends ClassLoader {

    private static final String OWN = "org.bucketkeeper.";

    static {
        registerAsParallelCapable();
    }

    private final Map<String, byte[]> changed;

    /** Takes over {@code changed}: class files by class name. */
    SabotagedClasses(Map<String, byte[]> changed) {
        super(SabotagedClasses.class.getClassLoader());
        this.changed = changed;
    }

    /** Returns a simulator of these classes on a store that promises this. */
    @SuppressWarnings("unchecked")
    LongFunction<String> probe(StoreGuarantee guarantee) throws ReflectiveOperationException {
        Class<?> probe = loadClass(SimulationProbe.class.getName());
        if (probe == SimulationProbe.class) {
            throw new IllegalStateException("the simulator runs the unchanged classes");
        }
        Class<?> guarantees = loadClass(StoreGuarantee.class.getName());
        Object own = guarantees.getMethod("valueOf", String.class).invoke(null, guarantee.name());
        return (LongFunction<String>) probe.getConstructor(guarantees).newInstance(own);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OWN)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] code = changed.containsKey(name) ? changed.get(name) : unchanged(name);
        return defineClass(name, code, 0, code.length);
    }

    private byte[] unchanged(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
