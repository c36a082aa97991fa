package dev.prefork.it.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;

import dev.prefork.AcceptShortage;
import dev.prefork.AddressType;
import dev.prefork.ListenerStats;
import dev.prefork.ListeningAddress;
import dev.prefork.SchedulingPolicy;
import dev.prefork.WorkerStats;
import dev.prefork.launch.ClassDataJvm;
import dev.prefork.launch.JoinVariables;
import dev.prefork.launch.OwnJvm;
import dev.prefork.launch.WorkerJvm;
import dev.prefork.posix.BlockingOutput;
import dev.prefork.posix.ControllingTerminal;
import dev.prefork.posix.InheritedSocket;
import dev.prefork.posix.OpenFileLimit;
import dev.prefork.posix.PosixException;
import dev.prefork.posix.ProcessStat;
import dev.prefork.posix.Signal;
import dev.prefork.posix.StandardInputSocket;
import dev.prefork.posix.ThisProcess;
import dev.prefork.posix.ThreadDumps;
import dev.prefork.posix.UnnamedCopy;

import org.junit.jupiter.api.Test;

import java.lang.invoke.MethodHandles;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Clock;
import java.time.Instant;

/** The arrows between the modules, and what each may not do. */
class ArrowsTest {
    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ArrowsTest::isOfTheHouse)
                    .importPackages("dev.prefork");

    /** No test, wherever the build puts those. */
    private static boolean isOfTheHouse(Location location) {
        return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }

    /** An old JVM can load none of the others. */
    @Test
    void theAgentKnowsNobodyAndNobodyTheAgent() {
        noClasses()
                .that()
                .resideInAPackage("dev.prefork.agent..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.prefork..")
                                .and(not(resideInAPackage("dev.prefork.agent.."))))
                .check(CLASSES);
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.prefork.agent..")
                .should()
                .dependOnClassesThat(resideInAPackage("dev.prefork.agent.."))
                .check(CLASSES);
    }

    @Test
    void posixKnowsNobody() {
        noClasses()
                .that()
                .resideInAPackage("dev.prefork.posix..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.prefork..")
                                .and(not(resideInAPackage("dev.prefork.posix.."))))
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(System.Logger.class.getName())
                .orShould()
                .callMethod(Thread.class, "start")
                .check(CLASSES);
    }

    @Test
    void theLoopKnowsPosixOnly() {
        knowsOnly("dev.prefork.loop..", "dev.prefork.posix..");
    }

    @Test
    void theEndKnowsPosixOnly() {
        knowsOnly("dev.prefork.end..", "dev.prefork.posix..");
    }

    @Test
    void ipcKnowsPosixAndTheLoopOnly() {
        knowsOnly(
                "dev.prefork.ipc..",
                "dev.prefork.json..",
                "dev.prefork.posix..",
                "dev.prefork.loop..");
    }

    @Test
    void jsonKnowsNothing() {
        knowsOnly("dev.prefork.json..");
    }

    @Test
    void netKnowsPosixOnly() {
        knowsOnly("dev.prefork.net..", "dev.prefork.posix..", "dev.prefork.log..");
    }

    @Test
    void clusterDoesNotKnowWhoUsesIt() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.prefork",
                        "dev.prefork.launch..",
                        "dev.prefork.listen..",
                        "dev.prefork.primary..",
                        "dev.prefork.worker..",
                        "dev.prefork.wire..",
                        "dev.prefork.events..",
                        "dev.prefork.balance..",
                        "dev.prefork.keep..",
                        "dev.prefork.drive..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.prefork.cli..", "dev.prefork.examples..", "dev.prefork.bench..")
                .check(CLASSES);
    }

    @Test
    void primaryAndWorkerDoNotReachIntoEachOther() {
        noClasses()
                .that()
                .resideInAPackage("dev.prefork.worker..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.prefork.primary..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAPackage("dev.prefork.primary..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.prefork.worker..")
                .check(CLASSES);
    }

    @Test
    void listenKnowsTheWireAndNoWorker() {
        knowsOnly(
                "dev.prefork.listen..",
                "dev.prefork",
                "dev.prefork.wire..",
                "dev.prefork.ipc..",
                "dev.prefork.net..",
                "dev.prefork.log..",
                "dev.prefork.posix..",
                "dev.prefork.loop..");
        noClasses()
                .that()
                .resideInAPackage("dev.prefork.listen..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.prefork")
                                .and(
                                        not(
                                                belongToAnyOf(
                                                        AcceptShortage.class,
                                                        AddressType.class,
                                                        ListenerStats.class,
                                                        ListeningAddress.class,
                                                        SchedulingPolicy.class,
                                                        WorkerStats.class,
                                                        WorkerStats.Connections.class))))
                .check(CLASSES);
    }

    @Test
    void theWireKnowsWhatIsSaidAndNotWhoSaysIt() {
        knowsOnly(
                "dev.prefork.wire..",
                "dev.prefork",
                "dev.prefork.ipc..",
                "dev.prefork.json..",
                "dev.prefork.net..",
                "dev.prefork.posix..",
                "dev.prefork.loop..");
    }

    @Test
    void launchKnowsNoSharedSocketAndNeitherRole() {
        knowsOnly(
                "dev.prefork.launch..",
                "dev.prefork",
                "dev.prefork.net..",
                "dev.prefork.log..",
                "dev.prefork.posix..",
                "dev.prefork.loop..");
    }

    @Test
    void classDataAndBudgetKnowThePublicApiAndWhatAWorkersJvmIs() {
        knowsOnly("dev.prefork.classdata..", "dev.prefork", "dev.prefork.launch..");
        knowsOnly("dev.prefork.budget..", "dev.prefork", "dev.prefork.launch..");
        noClasses()
                .that()
                .resideInAnyPackage("dev.prefork.classdata..", "dev.prefork.budget..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.prefork.launch..")
                                .and(not(belongToAnyOf(WorkerJvm.class, ClassDataJvm.class))))
                .check(CLASSES);
    }

    @Test
    void theCommandUsesThePublicApiOnly() {
        knowsOnly(
                "dev.prefork.cli..",
                "dev.prefork",
                "dev.prefork.budget..",
                "dev.prefork.classdata..",
                "dev.prefork.supervise..",
                "dev.prefork.drive..",
                "dev.prefork.keep..",
                "dev.prefork.end..",
                "dev.prefork.launch..",
                "dev.prefork.posix..");
        noClasses()
                .that()
                .resideInAPackage("dev.prefork.cli..")
                .should()
                .dependOnClassesThat(
                        resideInAnyPackage("dev.prefork.launch..", "dev.prefork.posix..")
                                .and(
                                        not(
                                                belongToAnyOf(
                                                        OwnJvm.class,
                                                        JoinVariables.class,
                                                        BlockingOutput.class,
                                                        ControllingTerminal.class,
                                                        InheritedSocket.class,
                                                        OpenFileLimit.class,
                                                        ProcessStat.class,
                                                        StandardInputSocket.class,
                                                        ThreadDumps.class,
                                                        UnnamedCopy.class,
                                                        Signal.class,
                                                        ThisProcess.class,
                                                        PosixException.class))))
                .check(CLASSES);
    }

    @Test
    void examplesAndBenchmarksUseThePublicApiOnly() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.prefork.examples..", "dev.prefork.bench..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.prefork..")
                                .and(
                                        not(
                                                resideInAnyPackage(
                                                        "dev.prefork",
                                                        "dev.prefork.examples..",
                                                        "dev.prefork.bench.."))))
                .check(CLASSES);
    }

    @Test
    void superviseKnowsNobodyAndHasNoThreadNoClockAndNoOutput() {
        knowsOnly("dev.prefork.supervise..");
        noClasses()
                .that()
                .resideInAPackage("dev.prefork.supervise..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.util.concurrent..", "java.io..", "java.nio..", "java.net..")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Thread.class, System.class, Process.class)
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class, Instant.class)
                .check(CLASSES);
    }

    @Test
    void theDriverKnowsTheTableOnly() {
        knowsOnly("dev.prefork.drive..", "dev.prefork.supervise..");
    }

    @Test
    void thePoolUsesThePublicApiAndTheDriver() {
        knowsOnly(
                "dev.prefork.keep..",
                "dev.prefork",
                "dev.prefork.drive..",
                "dev.prefork.supervise..",
                "dev.prefork.events..",
                "dev.prefork.end..",
                "dev.prefork.log..",
                "dev.prefork.posix..");
    }

    @Test
    void nativeMemoryIsSeenInPosixOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.prefork.posix..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.lang.foreign..")
                .check(CLASSES);
    }

    @Test
    void theJdksInsidesAreSeenInNetOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.prefork.net..")
                .and()
                .doNotHaveFullyQualifiedName("dev.prefork.cli.Signals")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("sun..", "jdk.internal..")
                .check(CLASSES);
    }

    @Test
    void reflectionIsInTheFilesThatExistForIt() {
        noClasses()
                .that()
                .doNotHaveSimpleName("Insides")
                .and()
                .doNotHaveSimpleName("JdkInsides")
                .and()
                .doNotHaveSimpleName("WorkerMain")
                .and()
                .doNotHaveSimpleName("PreforkAgent")
                .and()
                .doNotHaveSimpleName("Trainee")
                .and()
                .haveNameNotMatching("dev[.]prefork[.]json[.]RecordType.*")
                .and()
                .doNotHaveFullyQualifiedName("dev.prefork.json.Types")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("java.lang.reflect..")
                                .and(
                                        not(
                                                belongToAnyOf(
                                                        Type.class,
                                                        ParameterizedType.class,
                                                        InaccessibleObjectException.class))))
                .orShould()
                .callMethod(Class.class, "forName", String.class)
                .orShould()
                .callMethod(
                        MethodHandles.class,
                        "privateLookupIn",
                        Class.class,
                        MethodHandles.Lookup.class)
                .check(CLASSES);
    }

    @Test
    void theApiShowsNothingFromBelow() {
        methods()
                .that()
                .arePublic()
                .and()
                .areDeclaredInClassesThat()
                .resideInAPackage("dev.prefork")
                .should(showOnlyTheApi())
                .check(CLASSES);
    }

    private static void knowsOnly(String module, String... below) {
        noClasses()
                .that()
                .resideInAPackage(module)
                .should()
                .dependOnClassesThat(
                        resideInAPackage("dev.prefork..")
                                .and(not(resideInAPackage(module)))
                                .and(not(resideInAnyPackage(below))))
                .check(CLASSES);
    }

    private static ArchCondition<JavaMethod> showOnlyTheApi() {
        return new ArchCondition<>("have a signature of API and JDK types only") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                for (JavaClass type : method.getAllInvolvedRawTypes()) {
                    JavaClass element = type.getBaseComponentType();
                    boolean shown =
                            !element.getPackageName().startsWith("dev.prefork.")
                                    && !element.getPackageName().startsWith("sun.")
                                    && !element.getPackageName().startsWith("java.lang.foreign");
                    events.add(
                            new SimpleConditionEvent(
                                    method, shown, method.getFullName() + " shows " + type));
                }
            }
        };
    }
}
