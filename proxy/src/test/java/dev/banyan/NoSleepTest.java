package dev.banyan;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.concurrent.TimeUnit;

/** What waits for a while instead of for something is slow on a fast machine, and wrong on a slow one. */
@AnalyzeClasses(packages = "dev.banyan", importOptions = NoSleepTest.OnlyTests.class)
class NoSleepTest {
    static final class OnlyTests implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !new ArchitectureTest.NoTests().includes(location);
        }
    }

    @ArchTest
    static final ArchRule no_test_sleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class)
            .orShould()
            .callMethod(TimeUnit.class, "sleep", long.class)
            .because("a condition is awaited, and a clock of the test's own is moved");
}
