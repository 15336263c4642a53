package dev.banyan;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** The rules of the house. A rule that matches no class fails: it would guard nothing. */
@AnalyzeClasses(packages = "dev.banyan", importOptions = ArchitectureTest.NoTests.class)
class ArchitectureTest {
    /** Whatever the build calls its directories: not what lies where this class lies. */
    static final class NoTests implements ImportOption {
        private static final String HERE = ArchitectureTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .getPath();

        @Override
        public boolean includes(Location location) {
            return !location.contains(HERE);
        }
    }

    @ArchTest
    static final ArchRule a_request_never_waits_for_the_control_plane = noClasses()
            .that()
            .resideInAPackage("..dataplane..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..controlplane..", "..stores..", "..cli..", "..app..")
            .because("a slow store or a bug in the admin API must not reach live traffic (ADR 0001)");

    @ArchTest
    static final ArchRule the_control_plane_knows_no_traffic = noClasses()
            .that()
            .resideInAPackage("..controlplane..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..dataplane..", "..stores..", "..cli..", "..app..")
            .because("the planes share the table and the contract, and only app joins them (ADR 0001)");

    @ArchTest
    static final ArchRule routing_is_pure = classes()
            .that()
            .resideInAnyPackage("dev.banyan.routing", "dev.banyan.routing.match..", "dev.banyan.routing.decide..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage("java..", "javax.crypto..", "org.jspecify..", "dev.banyan.routing..")
            .because("where a request goes must be the same in the proxy, in a file check and in a property test");

    @ArchTest
    static final ArchRule only_the_file_reader_of_routing_knows_yaml = classes()
            .that()
            .resideInAPackage("dev.banyan.routing.file..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "org.snakeyaml.engine..",
                    "dev.banyan.yaml..",
                    "dev.banyan.routing..",
                    "dev.banyan.net..")
            .because("a table is a value; how it is written is the business of one package");

    @ArchTest
    static final ArchRule yaml_knows_neither_tables_nor_settings = classes()
            .that()
            .resideInAPackage("dev.banyan.yaml..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang..",
                    "java.math..",
                    "java.time..",
                    "java.util..",
                    "org.jspecify..",
                    "org.snakeyaml.engine..",
                    "dev.banyan.yaml..")
            .because("whatever is written in YAML is read, and complained about, in the same way");

    @ArchTest
    static final ArchRule routing_does_no_io = noClasses()
            .that()
            .resideInAnyPackage("dev.banyan.routing", "dev.banyan.routing.match..", "dev.banyan.routing.decide..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.(nio\\.channels|net|sql)\\.(?!URLDecoder$).*")
            .because("a decision that waits for anything holds up every request of its loop");

    @ArchTest
    static final ArchRule stores_implement_the_ports_and_nothing_else = classes()
            .that()
            .resideInAPackage("..stores..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "org.slf4j..",
                    "com.fasterxml.jackson..",
                    "dev.banyan.stores..",
                    "dev.banyan.controlplane.revisions..",
                    "dev.banyan.controlplane.writes..",
                    "dev.banyan.controlplane.parity..",
                    "dev.banyan.controlplane.admin.tokens..",
                    "dev.banyan.controlplane.admin.audit..",
                    "dev.banyan.contract..",
                    "dev.banyan.json..",
                    "dev.banyan.routing..",
                    "dev.banyan.yaml..")
            .because("a store is exchanged without a look at the rest");

    @ArchTest
    static final ArchRule the_control_plane_opens_no_file = noClasses()
            .that()
            .resideInAPackage("..controlplane..")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.(io\\.(File|RandomAccessFile)|nio\\.(file|channels)\\.).*")
            .because("what is kept, and where, is behind a port: on a disk today, shared by replicas tomorrow");

    @ArchTest
    static final ArchRule netty_stays_in_the_data_plane = noClasses()
            .that()
            .resideOutsideOfPackage("..dataplane..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..")
            .because("what is not on a client's event loop has no business with its buffers");

    @ArchTest
    static final ArchRule vertx_stays_out_of_the_data_plane = noClasses()
            .that()
            .resideInAnyPackage("..dataplane..", "..routing..", "..stores..", "..contract..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.vertx..")
            .because("a client library upstream costs 1.2 to 1.8 times the CPU (ADR 0003)");

    @ArchTest
    static final ArchRule the_command_line_talks_to_a_proxy_by_its_api = noClasses()
            .that()
            .resideInAPackage("..cli..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..dataplane..", "..controlplane..", "..stores..", "dev.banyan.app")
            .because("what a command can do, a script with curl can do, and the token's role holds for both;"
                    + " settings is the table that the flags of serve are made from");

    @ArchTest
    static final ArchRule settings_are_texts_in_and_values_out = classes()
            .that()
            .resideInAPackage("dev.banyan.settings..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang..",
                    "java.util..",
                    "java.time..",
                    "java.nio.file..",
                    "org.jspecify..",
                    "dev.banyan.net..",
                    "dev.banyan.yaml..",
                    "dev.banyan.settings..")
            .because(
                    "what a setting means is found out without a disk, a socket or a running proxy, and shown the same everywhere");

    @ArchTest
    static final ArchRule settings_open_no_file = noClasses()
            .that()
            .resideInAPackage("dev.banyan.settings..")
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Files.class)
            .because("a secret's reference is a setting, the secret is not");

    @ArchTest
    static final ArchRule event_loops_never_wait = noClasses()
            .that()
            .resideInAnyPackage(
                    "..dataplane.exchange..",
                    "..dataplane.forward..",
                    "..dataplane.guard..",
                    "..dataplane.loop..",
                    "..dataplane.upstream..",
                    "..dataplane.wire..",
                    "..dataplane.message..")
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(CompletableFuture.class, "join")
            .orShould()
            .callMethod(Future.class, "get")
            .orShould()
            .callMethod(Object.class, "wait")
            .because("one request that waits holds up all others of its loop");

    @ArchTest
    static final ArchRule time_comes_in_by_constructor = noClasses()
            .that()
            .resideInAnyPackage("..routing..", "..dataplane..", "..controlplane..", "..stores..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .because("a test must be able to move the clock; nanoTime, for measuring, is free");

    @ArchTest
    static final ArchRule packages_have_no_cycles = slices().matching("dev.banyan.(**)")
            .should()
            .beFreeOfCycles()
            .because("the way of a request is one direction, and so are the packages it passes");

    @ArchTest
    static void folders_have_no_cycles_at_any_depth(JavaClasses classes) {
        Set<String> parents = new TreeSet<>();
        for (JavaClass each : classes) {
            String name = each.getPackageName();
            for (int dot = name.lastIndexOf('.'); dot >= "dev.banyan".length(); dot = name.lastIndexOf('.', dot - 1)) {
                parents.add(name.substring(0, dot));
            }
        }
        for (String parent : parents) {
            slices().matching(parent + ".(*)..")
                    .should()
                    .beFreeOfCycles()
                    .because("whoever opens a folder sees which of those in it comes first")
                    .check(classes);
        }
    }
}
