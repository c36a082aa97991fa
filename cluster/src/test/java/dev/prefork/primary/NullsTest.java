package dev.prefork.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.prefork.Balancer;
import dev.prefork.Cluster;
import dev.prefork.ClusterSettings;
import dev.prefork.ListenOptions;
import dev.prefork.PortRules;
import dev.prefork.Prefork;
import dev.prefork.SendOptions;
import dev.prefork.Slot;
import dev.prefork.Worker;
import dev.prefork.WorkerProcess;
import dev.prefork.launch.TestLauncher;
import dev.prefork.posix.NothingLeft;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * SPEC E1. Whatever is null, except for a message, is refused by the method that is called with it,
 * and by its name: not later on the event thread, where nobody knows who it was.
 */
@ExtendWith(NothingLeft.class)
class NullsTest {
    /** As their first argument, which may be null. */
    private static final Set<String> TAKE_A_MESSAGE =
            Set.of("send", "sendAsync", "ask", "broadcast");

    private final IdleProcesses processes = new IdleProcesses();
    private final Primary primary = new Primary(TestLauncher.of(processes));
    private final List<String> accepted = new ArrayList<>();
    private int refused;

    @AfterEach
    void close() throws InterruptedException {
        processes.close();
        primary.close(Duration.ZERO);
    }

    @Test
    void givenAMethodOfTheApi_whenCalledWithNull_thenItRefusesThatByName() throws Exception {
        Worker worker = primary.fork(ClusterSettings.empty(), Map.of());

        refuse(Worker.class, worker);
        refuse(WorkerProcess.class, worker.process());
        refuse(Slot.class, primary.slot(0));
        refuse(Prefork.class, Prefork.create());
        refuse(Cluster.class, null);
        refuse(ClusterSettings.Builder.class, ClusterSettings.builder());
        refuse(ClusterSettings.class, ClusterSettings.empty());
        refuse(ListenOptions.class, ListenOptions.port(1));
        refuse(Balancer.class, null);
        refuse(PortRules.class, null);

        processes.hangUp();
        assertThat(accepted).isEmpty();
        assertThat(refused).isGreaterThan(60);
    }

    /** Each parameter in turn is null, and all others are something. */
    private void refuse(Class<?> type, Object object) throws Exception {
        for (Method method : type.getDeclaredMethods()) {
            boolean isMeant =
                    Modifier.isPublic(method.getModifiers())
                            && (object != null || Modifier.isStatic(method.getModifiers()))
                            && !method.getName().equals("equals");
            for (int i = 0; isMeant && i < method.getParameterCount(); i++) {
                boolean isMessage = TAKE_A_MESSAGE.contains(method.getName()) && i == 0;
                if (!method.getParameterTypes()[i].isPrimitive() && !isMessage) {
                    refuse(method, object, i);
                }
            }
        }
    }

    private void refuse(Method method, Object object, int index) throws Exception {
        try (DatagramChannel socket = DatagramChannel.open()) {
            Object[] arguments = new Object[method.getParameterCount()];
            for (int i = 0; i < arguments.length; i++) {
                arguments[i] = i == index ? null : something(method.getParameterTypes()[i], socket);
            }
            method.invoke(object, arguments);
            accepted.add(index + " of " + method);
        } catch (InvocationTargetException e) {
            refused++;
            assertThat(e.getCause())
                    .as("%d of %s", index, method)
                    .isInstanceOf(NullPointerException.class)
                    .hasMessageContaining("is null");
        }
    }

    private static Object something(Class<?> type, DatagramChannel socket) {
        if (type == Consumer.class) {
            return (Consumer<Object>) _ -> {};
        } else if (type == BiConsumer.class) {
            return (BiConsumer<Object, Object>) (_, _) -> {};
        } else if (type == Function.class) {
            return (Function<Object, Object>) same -> same;
        } else if (type == BiFunction.class) {
            return (BiFunction<Object, Object, Object>) (_, same) -> same;
        } else if (type == Class.class) {
            return String.class;
        } else if (type == ToDoubleFunction.class) {
            return (ToDoubleFunction<Object>) _ -> 1;
        } else if (type == SendOptions.class) {
            return SendOptions.DEFAULT;
        } else if (type == Balancer.class) {
            return Balancer.roundRobin();
        } else if (type == ClusterSettings.class) {
            return ClusterSettings.empty();
        } else if (type == Map.class) {
            return Map.of();
        } else if (type == Duration.class) {
            return Duration.ofSeconds(1);
        }
        return socket;
    }

    @Test
    void givenAnEnvironment_whenANameOrAValueIsNull_thenItIsRefused() {
        Map<String, String> value = new HashMap<>();
        value.put("A", null);
        Map<String, String> name = new HashMap<>();
        name.put(null, "b");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> primary.fork(ClusterSettings.empty(), value))
                .withMessageStartingWith("no environment variable can be A=null");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> primary.slot(0).fork(name))
                .withMessageStartingWith("no environment variable can be null=b");
    }
}
