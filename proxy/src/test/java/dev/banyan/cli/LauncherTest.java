package dev.banyan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script in the root, in a small copy of the tree, with a Maven and a Java that only say what they were asked. */
final class LauncherTest {
    private static final String[] MODULES = {
        "proxy", "legacy-stub-rails", "new-services/accounts", "new-services/transactions"
    };
    private static final String FAKE_MAVEN = """
            #!/usr/bin/env bash
            if [[ $1 == -v ]]; then echo "Apache Maven ${FAKE_MAVEN_VERSION:-3.8.7}"; exit; fi
            echo "$PWD: $*" >>"$BUILDS"
            if [[ -n ${FAKE_FAILURE:-} ]]; then echo "[ERROR] $FAKE_FAILURE"; exit 1; fi
            for module in proxy legacy-stub-rails new-services/accounts new-services/transactions; do
              mkdir -p "$module/target/launcher/dependency"
              echo jar >"$module/target/launcher/banyan-${module##*/}.jar"
              echo jar >"$module/target/launcher/dependency/netty.jar"
            done
            """;
    private static final String FAKE_JAVA = """
            #!/usr/bin/env bash
            if [[ $* == *ArchiveClassesAtExit* ]]; then exit 1; fi
            echo "LC_ALL=${LC_ALL:-}"
            printf '%s\\n' "$@"
            if [[ -n ${STAY:-} ]]; then echo ready >"$STAY"; exec sleep 60; fi
            """;

    private static final String FAKE_LOCALE = """
            #!/usr/bin/env bash
            if [[ $1 == charmap ]]; then echo "$FAKE_CHARMAP"; else printf '%s\\n' $FAKE_LOCALES; fi
            """;

    @TempDir
    private Path dir;

    private Path root;
    private Path home;
    private Path builds;

    private record Run(int exitCode, String out, String err) {}

    @BeforeEach
    void copy_the_tree() throws IOException {
        root = Files.createDirectory(dir.resolve("the root"));
        home = dir.resolve("jdk");
        builds = dir.resolve("builds.txt");
        Files.copy(Path.of("..", "banyan"), root.resolve("banyan"));
        for (String module : MODULES) {
            write(root.resolve(module).resolve("pom.xml"), "<project/>");
            write(root.resolve(module).resolve("src/main/java/A.java"), "class A {}");
        }
        write(root.resolve("pom.xml"), "<project/>");
        write(root.resolve(".mvn/maven.config"), "");
        write(home.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
        program(home.resolve("bin/java"), FAKE_JAVA);
        program(home.resolve("bin/javac"), "#!/bin/sh\n");
        program(dir.resolve("bin/mvn"), FAKE_MAVEN);
        program(dir.resolve("bin/locale"), FAKE_LOCALE);
    }

    @Test
    void the_first_command_builds_with_one_line_and_runs_what_was_built() throws Exception {
        Run run = banyan("routes", "--json");

        String build = onlyBuild().toString();
        assertThat(run.err()).matches("banyan: building .*log: .*build\\.log\\) \\.\\.\\. done in \\d+ s\\n");
        assertThat(run.out().lines())
                .contains(
                        "-Dbanyan.home=" + build,
                        "-Dbanyan.root=" + root,
                        build + "/proxy/*",
                        "-XX:TieredStopAtLevel=1")
                .endsWith("dev.banyan.app.Main", "routes", "--json");
        assertThat(Path.of(build, "legacy-stub-rails", "banyan-legacy-stub-rails.jar"))
                .exists();
        assertThat(Path.of(build, "accounts", "netty.jar")).exists();
        assertThat(Path.of(build, "transactions")).exists();
        assertThat(Files.readSymbolicLink(root.resolve(".banyan/current")).toString())
                .isEqualTo("builds/" + Path.of(build).getFileName());
    }

    @Test
    void the_build_skips_tests_and_takes_only_the_modules_that_are_run() throws Exception {
        banyan("routes");

        assertThat(builds())
                .singleElement()
                .asString()
                .startsWith(root + ": ")
                .contains(
                        "-Dquick",
                        "-DskipTests",
                        "-pl proxy,legacy-stub-rails,new-services/accounts,new-services/transactions -am")
                .endsWith("package dependency:copy-dependencies");
    }

    @Test
    void when_the_sources_change_demo_and_serve_build_and_no_other_command_does() throws Exception {
        banyan("demo");
        write(root.resolve("proxy/src/main/java/A.java"), "class A { int b; }");

        banyan("routes");
        assertThat(builds()).hasSize(1);
        banyan("serve");
        assertThat(builds()).hasSize(2);
        banyan("demo");
        assertThat(builds()).hasSize(2);
    }

    @Test
    void tests_and_what_a_build_leaves_behind_are_no_sources() throws Exception {
        banyan("demo");
        write(root.resolve("proxy/src/test/java/ATest.java"), "class ATest {}");
        write(root.resolve("proxy/target/classes/A.class"), "");

        banyan("demo");

        assertThat(builds()).hasSize(1);
    }

    @Test
    void a_build_in_use_is_kept_and_one_that_nobody_uses_is_removed() throws Exception {
        Path ready = dir.resolve("ready");
        Process running = start(Map.of("STAY", ready.toString()), "serve");
        org.awaitility.Awaitility.await().until(() -> Files.exists(ready));
        Path inUse = onlyBuild();
        try {
            write(root.resolve("proxy/src/main/java/A.java"), "class A { int b; }");
            banyan("serve");
            write(root.resolve("proxy/src/main/java/A.java"), "class A { int c; }");
            banyan("serve");

            assertThat(allBuilds()).hasSize(2).contains(inUse);
        } finally {
            running.destroy();
            running.waitFor(10, TimeUnit.SECONDS);
        }
        write(root.resolve("proxy/src/main/java/A.java"), "class A { int d; }");
        banyan("serve");

        assertThat(allBuilds()).hasSize(1).doesNotContain(inUse);
    }

    @Test
    void two_launchers_at_once_build_once() throws Exception {
        Process one = start(Map.of(), "demo");
        Process other = start(Map.of(), "demo");

        assertThat(one.waitFor()).isZero();
        assertThat(other.waitFor()).isZero();
        assertThat(builds()).hasSize(1);
    }

    @Test
    void a_failed_build_shows_the_errors_and_where_the_log_is_and_leaves_nothing_half_done() throws Exception {
        Run run = banyan(Map.of("FAKE_FAILURE", "A.java:[1,9] ';' expected"), "demo");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err())
                .contains(
                        "failed\n[ERROR] A.java:[1,9] ';' expected\n",
                        "fix: see the whole log in " + root + "/.banyan/build.log");
        assertThat(allBuilds()).isEmpty();
    }

    @Test
    void what_is_missing_or_too_old_is_told_with_what_to_do() throws Exception {
        assertThat(banyan(Map.of("JAVA_HOME", "/nowhere"), "demo").err())
                .startsWith("banyan: JAVA_HOME is /nowhere, and there is no bin/java in it\n  fix: ");
        assertThat(banyan(Map.of("FAKE_MAVEN_VERSION", "3.6.3"), "demo").err())
                .contains("is Maven 3.6.3, and Banyan needs 3.8 or later\n  fix: ");
        Files.delete(home.resolve("bin/javac"));
        assertThat(banyan("demo").err()).contains("has no compiler, and Banyan has to be built first\n  fix: ");
        write(home.resolve("release"), "JAVA_VERSION=\"11.0.2\"\n");
        assertThat(banyan("demo").err()).contains("is Java 11, and Banyan needs 17 or later\n  fix: ");
        assertThat(builds()).isEmpty();
    }

    @Test
    void it_works_from_any_directory_by_a_link_and_with_further_flags() throws Exception {
        Path link = Files.createSymbolicLink(dir.resolve("b"), Path.of("the root", "banyan"));

        Run run = run(link, Map.of("BANYAN_JAVA_OPTS", "-Xmx1g -Da=b"), "--version");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out().lines()).contains("-Dbanyan.root=" + root, "-Xmx1g", "-Da=b");
    }

    @Test
    void a_collector_that_is_chosen_takes_the_place_of_ours_wherever_it_is_chosen() throws Exception {
        assertThat(collectors(Map.of(), "serve")).containsExactly("-XX:+UseG1GC");
        assertThat(collectors(Map.of(), "routes")).containsExactly("-XX:+UseSerialGC");
        assertThat(collectors(Map.of("BANYAN_JAVA_OPTS", "-Da=b -XX:+UseSerialGC"), "serve"))
                .containsExactly("-XX:+UseSerialGC");
        assertThat(collectors(Map.of("BANYAN_JAVA_OPTS", "-XX:+UseZGC"), "demo"))
                .containsExactly("-XX:+UseZGC");
        assertThat(collectors(Map.of("BANYAN_JAVA_OPTS", "-XX:+UseParallelGC"), "routes"))
                .containsExactly("-XX:+UseParallelGC");
        assertThat(collectors(Map.of("JDK_JAVA_OPTIONS", "-XX:+UseZGC"), "serve"))
                .isEmpty();
        assertThat(collectors(Map.of("JAVA_TOOL_OPTIONS", "-XX:+UseZGC"), "routes"))
                .isEmpty();
    }

    private List<String> collectors(Map<String, String> environment, String command) throws Exception {
        return banyan(environment, command)
                .out()
                .lines()
                .filter(flag -> flag.matches("-XX:\\+Use.*GC"))
                .toList();
    }

    @Test
    void a_heap_that_is_chosen_takes_the_place_of_ours() throws Exception {
        assertThat(heap(Map.of(), "serve")).containsExactly("-Xms64m", "-XX:MaxNewSize=96m", "-Xmx400m");
        assertThat(heap(Map.of(), "routes")).containsExactly("-Xmx256m");
        assertThat(heap(Map.of("JDK_JAVA_OPTIONS", "-Xmx32m"), "serve")).isEmpty();
        assertThat(heap(Map.of("BANYAN_JAVA_OPTS", "-Xmx1g"), "serve")).containsExactly("-Xmx1g");
        assertThat(heap(Map.of("BANYAN_JAVA_OPTS", "-XX:MaxRAMPercentage=30"), "routes"))
                .containsExactly("-XX:MaxRAMPercentage=30");
        assertThat(heap(Map.of("BANYAN_JAVA_OPTS", "-Xms2g -Da=b"), "routes")).containsExactly("-Xms2g");
    }

    private List<String> heap(Map<String, String> environment, String command) throws Exception {
        return banyan(environment, command)
                .out()
                .lines()
                .filter(flag -> flag.matches("-Xm.*|-XX:.*(RAM|Size).*"))
                .toList();
    }

    @Test
    void where_names_of_files_are_not_utf_8_it_takes_a_locale_where_they_are_if_there_is_one() throws Exception {
        String ascii = "ANSI_X3.4-1968";

        assertThat(banyan("routes").out()).startsWith("LC_ALL=POSIX\n");
        assertThat(banyan(Map.of("FAKE_CHARMAP", ascii, "FAKE_LOCALES", "C C.utf8 POSIX"), "routes")
                        .out())
                .startsWith("LC_ALL=C.UTF-8\n");
        assertThat(banyan(Map.of("FAKE_CHARMAP", ascii, "FAKE_LOCALES", "C POSIX"), "routes")
                        .out())
                .startsWith("LC_ALL=POSIX\n");
    }

    private Run banyan(String... arguments) throws Exception {
        return banyan(Map.of(), arguments);
    }

    private Run banyan(Map<String, String> environment, String... arguments) throws Exception {
        return run(root.resolve("banyan"), environment, arguments);
    }

    private Run run(Path script, Map<String, String> environment, String... arguments) throws Exception {
        Process process = start(script, environment, arguments);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out, err);
    }

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        return start(root.resolve("banyan"), environment, arguments);
    }

    private Process start(Path script, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile());
        builder.environment().put("PATH", dir.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("JAVA_HOME", home.toString());
        builder.environment().put("BUILDS", builds.toString());
        builder.environment().remove("BANYAN_JAVA_OPTS");
        builder.environment().put("LC_ALL", "POSIX");
        builder.environment().put("FAKE_CHARMAP", "UTF-8");
        builder.environment().putAll(environment);
        return builder.start();
    }

    private List<String> builds() throws IOException {
        return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
    }

    private List<Path> allBuilds() throws IOException {
        try (Stream<Path> all = Files.list(root.resolve(".banyan/builds"))) {
            return all.filter(path -> !path.getFileName().toString().startsWith("."))
                    .toList();
        }
    }

    private Path onlyBuild() throws IOException {
        assertThat(allBuilds()).hasSize(1);
        return allBuilds().get(0);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static void program(Path file, String text) throws IOException {
        write(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
