package org.bucketkeeper.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Checks plans by load, on small questions against every answer there is. */
class LoadPlannerTest {

    private static final int CASES = 3_000;
    private static final double ROUNDING = 1e-9;

    @Test
    void keepsToTheRulesAndToTheBudgetUnlessMoreMovesHaveToBe() {
        for (int seed = 0; seed < CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            PlanningProblem problem = SmallProblems.random(random);
            double[] loads = loads(random, problem.bucketCount);
            int budget = random.nextInt(problem.bucketCount + 1);

            Draft draft = LoadPlanner.plan(problem, loads, budget);

            String question = "seed " + seed + ": " + SmallProblems.show(problem);
            int forced = KeepPlanner.plan(problem).moveCount;
            assertThat(EveryTable.keepsToRules(problem, draft.targets))
                    .as(question)
                    .isTrue();
            assertThat(draft.moveCount).as(question).isEqualTo(EveryTable.moves(problem, draft.targets));
            assertThat(draft.moveCount).as(question).isBetween(forced, Math.max(forced, budget));
            assertThat(draft.lowerBound).as(question).isEqualTo(forced);
        }
    }

    @Test
    void isNeverWorseThanMakingOnlyTheMovesThatHaveToBe() {
        for (int seed = 0; seed < CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            PlanningProblem problem = SmallProblems.random(random, 20 + random.nextInt(60), 2 + random.nextInt(12));
            double[] loads = loads(random, problem.bucketCount);
            int budget = random.nextInt(problem.bucketCount + 1);

            int[] forcedOnly = LoadPlanner.plan(problem, loads, 0).targets;
            int[] targets = LoadPlanner.plan(problem, loads, budget).targets;

            String question = "seed " + seed;
            double before = highestEligible(problem, loads, forcedOnly);
            double after = highestEligible(problem, loads, targets);
            assertThat(after).as(question).isLessThanOrEqualTo(before * (1 + ROUNDING));
            if (after > before * (1 - ROUNDING)) {
                assertThat(unevenness(problem, loads, targets))
                        .as(question)
                        .isLessThanOrEqualTo(unevenness(problem, loads, forcedOnly) * (1 + ROUNDING));
            }
        }
    }

    @Test
    void theLowerBoundHoldsForEveryTableWithinTheBudget() {
        for (int seed = 0; seed < CASES / 3; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            PlanningProblem problem = SmallProblems.random(random);
            double[] loads = loads(random, problem.bucketCount);
            int forced = KeepPlanner.plan(problem).moveCount;
            int voluntary = random.nextInt(problem.bucketCount + 1);
            double[] lowest = {Double.POSITIVE_INFINITY};
            EveryTable.visit(problem, table -> {
                if (EveryTable.moves(problem, table) <= forced + voluntary) {
                    lowest[0] = Math.min(lowest[0], highest(problem, loads, table));
                }
            });

            double bound = PlanReport.relativeLoadLowerBound(problem, loads, voluntary);

            assertThat(bound)
                    .as("seed %d: %s %s", seed, SmallProblems.show(problem), Arrays.toString(loads))
                    .isLessThanOrEqualTo(lowest[0] * (1 + ROUNDING));
        }
    }

    @Test
    void isMostlyAsGoodAsTheBestTableWithinTheBudget() {
        int optimal = 0;
        for (int seed = 0; seed < CASES / 3; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            PlanningProblem problem = SmallProblems.random(random);
            double[] loads = loads(random, problem.bucketCount);
            int budget = KeepPlanner.plan(problem).moveCount + random.nextInt(problem.bucketCount + 1);
            double[] lowest = {Double.POSITIVE_INFINITY};
            EveryTable.visit(problem, table -> {
                if (EveryTable.moves(problem, table) <= budget) {
                    lowest[0] = Math.min(lowest[0], highest(problem, loads, table));
                }
            });

            double reached = highest(problem, loads, LoadPlanner.plan(problem, loads, budget).targets);

            if (reached <= lowest[0] * (1 + ROUNDING)) {
                optimal++;
            }
        }
        assertThat(optimal).isGreaterThan(CASES / 3 * 9 / 10);
    }

    @Test
    void everyVoluntaryMoveOrJoinedGroupIsAnImprovementByItself() {
        int checked = 0;
        for (int seed = 0; seed < CASES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            PlanningProblem problem = SmallProblems.random(random, 20 + random.nextInt(60), 2 + random.nextInt(12));
            double[] loads = loads(random, problem.bucketCount);

            Draft draft = LoadPlanner.plan(problem, loads, problem.bucketCount);

            int[] table = problem.owners.clone();
            for (int m = 0; m < draft.lowerBound; m++) {
                table[draft.order[m]] = draft.targets[draft.order[m]];
            }
            double highest = highestEligible(problem, loads, table);
            double unevenness = unevenness(problem, loads, table);
            for (int m = draft.lowerBound; m < draft.moveCount; m++) {
                table[draft.order[m]] = draft.targets[draft.order[m]];
                if (m + 1 == draft.moveCount || !draft.joined[m + 1]) {
                    double highestAfter = highestEligible(problem, loads, table);
                    double unevennessAfter = unevenness(problem, loads, table);
                    boolean better = highestAfter < highest * (1 - ROUNDING)
                            || (highestAfter <= highest * (1 + ROUNDING)
                                    && unevennessAfter <= unevenness * (1 + ROUNDING));
                    assertThat(better).as("seed %d, move %d", seed, m).isTrue();
                    highest = highestAfter;
                    unevenness = unevennessAfter;
                    checked++;
                }
            }
        }
        assertThat(checked).isPositive();
    }

    @Test
    void loadsOfAnySizeAreSpreadAlike() {
        PlanningProblem problem = new PlanningProblem(
                new String[] {"a", "b"},
                new int[] {100, 100},
                new NodeState[] {NodeState.ELIGIBLE, NodeState.ELIGIBLE},
                new int[] {0, 0, 0, 0},
                new int[] {-1, -1, -1, -1});
        for (double unit : new double[] {Double.MIN_VALUE, 1e-300, 1, 1e299}) {
            double[] loads = {unit, 2 * unit, 3 * unit, 4 * unit};

            int[] targets = LoadPlanner.plan(problem, loads, 4).targets;

            assertThat(highest(problem, loads, targets) * 100 / unit)
                    .as("unit %s", unit)
                    .isCloseTo(5, Offset.offset(unit == Double.MIN_VALUE ? 100 : ROUNDING));
            assertThat(targets[0]).isEqualTo(targets[3]);
        }
    }

    @Test
    void nothingMovesWithoutLoad() {
        PlanningProblem problem = new PlanningProblem(
                new String[] {"a", "b"},
                new int[] {100, 100},
                new NodeState[] {NodeState.ELIGIBLE, NodeState.ELIGIBLE},
                new int[] {0, 0, 0},
                new int[] {-1, -1, -1});

        assertThat(LoadPlanner.plan(problem, new double[3], 3).moveCount).isZero();
    }

    private static double[] loads(SplittableRandom random, int count) {
        double[] loads = new double[count];
        int kind = random.nextInt(4);
        for (int b = 0; b < count; b++) {
            loads[b] = switch (kind) {
                case 0 -> random.nextInt(6);
                case 1 -> random.nextDouble();
                case 2 -> Math.pow(10, random.nextInt(-3, 4));
                default -> -Math.log(1 - random.nextDouble()) * 1e6;
            };
        }
        return loads;
    }

    /** Returns the highest of all live nodes, like the report. */
    private static double highest(PlanningProblem problem, double[] loads, int[] table) {
        return highest(problem, loads, table, EnumSet.complementOf(EnumSet.of(NodeState.GONE)));
    }

    /** Returns the highest of the nodes that a plan can do something about. */
    private static double highestEligible(PlanningProblem problem, double[] loads, int[] table) {
        return highest(problem, loads, table, EnumSet.of(NodeState.ELIGIBLE));
    }

    private static double highest(PlanningProblem problem, double[] loads, int[] table, Set<NodeState> states) {
        double[] relative = relative(problem, loads, table);
        double highest = 0;
        for (int i = 0; i < relative.length; i++) {
            if (states.contains(problem.states[i])) {
                highest = Math.max(highest, relative[i]);
            }
        }
        return highest;
    }

    private static double unevenness(PlanningProblem problem, double[] loads, int[] table) {
        double[] relative = relative(problem, loads, table);
        double sum = 0;
        for (int i = 0; i < relative.length; i++) {
            if (problem.isEligible(i)) {
                sum += relative[i] * relative[i] * problem.capacities[i];
            }
        }
        return sum;
    }

    private static double[] relative(PlanningProblem problem, double[] loads, int[] table) {
        double[] relative = new double[problem.nodeCount];
        for (int b = 0; b < table.length; b++) {
            if (table[b] >= 0) {
                relative[table[b]] += loads[b];
            }
        }
        for (int i = 0; i < relative.length; i++) {
            relative[i] /= problem.capacities[i];
        }
        return relative;
    }
}
