package org.bucketkeeper.testing.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** Compiles changed production sources in memory. */
final class PatchedSources {

    /** Names the folder of core's production sources, for a build that does not run in this module's folder. */
    private static final String PLACE = "bucketkeeper.test.core.sources";

    private static final String ROOT = "org.bucketkeeper.";

    private PatchedSources() {}

    /**
     * Returns the class files of all classes in the changed sources.
     *
     * @throws AssertionError if a text does not stand in its source exactly once, or the changed source does not
     *     compile: then the sabotage has to follow the production code
     */
    static Map<String, byte[]> compile(Sabotage sabotage) throws IOException {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Sabotage.Patch patch : sabotage.patches()) {
            String type = ROOT + patch.type();
            String source = sources.containsKey(type) ? sources.get(type) : source(type);
            sources.put(type, apply(sabotage, patch, source));
        }
        List<Source> files = sources.entrySet().stream()
                .map(source -> new Source(source.getKey(), source.getValue()))
                .toList();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        if (compiler == null) {
            throw new AssertionError("the tests need a JDK, and run on a JRE: " + System.getProperty("java.home"));
        }
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, null)) {
            ClassFiles compiled = new ClassFiles(standard);
            List<String> options = List.of(
                    "-classpath", System.getProperty("java.class.path"), "-proc:none", "-nowarn", "-implicit:none");
            if (files.isEmpty()
                    || compiler.getTask(errors, compiled, null, options, null, files)
                            .call()) {
                return compiled.byName();
            }
        }
        throw new AssertionError("the sabotage \"" + sabotage + "\" does not compile:\n" + errors);
    }

    private static String apply(Sabotage sabotage, Sabotage.Patch patch, String source) {
        String pattern = Pattern.compile("\\s+")
                .splitAsStream(patch.text().strip())
                .map(Pattern::quote)
                .collect(Collectors.joining("\\s+"));
        Matcher place = Pattern.compile(pattern).matcher(source);
        long places = place.results().count();
        if (places != 1) {
            throw new AssertionError("the sabotage \"" + sabotage + "\" looks for a text that stands in " + patch.type()
                    + " " + places + " times instead of once; has the production code changed?\n" + patch.text());
        }
        return place.replaceFirst(Matcher.quoteReplacement(patch.replacement()));
    }

    private static String source(String type) throws IOException {
        String module = System.getProperty("basedir", System.getProperty("user.dir", "."));
        Path folder = Path.of(System.getProperty(
                PLACE, Path.of(module, "..", "core", "src", "main", "java").toString()));
        Path file = folder.resolve(type.replace('.', '/') + ".java");
        if (!Files.isRegularFile(file)) {
            throw new AssertionError("no source of " + type + " at "
                    + file.toAbsolutePath().normalize() + "; name the folder of core's sources with -D" + PLACE);
        }
        return Files.readString(file);
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String type, String text) {
            super(URI.create("memory:///" + type.replace('.', '/') + ".java"), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class ClassFile extends SimpleJavaFileObject {

        private final ByteArrayOutputStream code = new ByteArrayOutputStream();

        ClassFile(String type) {
            super(URI.create("memory:///" + type.replace('.', '/') + ".class"), Kind.CLASS);
        }

        @Override
        public OutputStream openOutputStream() {
            return code;
        }
    }

    private static final class ClassFiles extends ForwardingJavaFileManager<StandardJavaFileManager> {

        private final Map<String, ClassFile> files = new HashMap<>();

        ClassFiles(StandardJavaFileManager sources) {
            super(sources);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String type, JavaFileObject.Kind kind, FileObject sibling) {
            return files.computeIfAbsent(type, ClassFile::new);
        }

        Map<String, byte[]> byName() {
            Map<String, byte[]> byName = new HashMap<>();
            files.forEach((type, file) -> byName.put(type, file.code.toByteArray()));
            return byName;
        }
    }
}
