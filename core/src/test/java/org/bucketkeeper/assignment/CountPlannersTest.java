package org.bucketkeeper.assignment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Checks both planners by count against every answer there is to small questions. */
class CountPlannersTest {

    private static final int CASES = 4_000;

    @Test
    void balanceReachesTheGoalWithTheFewestMovesThatAnyTableNeeds() {
        for (int seed = 0; seed < CASES; seed++) {
            PlanningProblem problem = SmallProblems.random(new SplittableRandom(seed));

            Draft draft = BalancePlanner.plan(problem);

            assertGoalReachedWithFewestMoves(problem, draft, seed);
        }
    }

    @Test
    void balanceDoesSoWherePinsCrowdOutTheSharesOfOtherNodes() {
        for (int seed = 0; seed < CASES; seed++) {
            PlanningProblem problem = SmallProblems.mostlyPinned(new SplittableRandom(seed));

            Draft draft = BalancePlanner.plan(problem);

            assertGoalReachedWithFewestMoves(problem, draft, seed);
        }
    }

    private static void assertGoalReachedWithFewestMoves(PlanningProblem problem, Draft draft, int seed) {
        String question = "seed " + seed + ": " + SmallProblems.show(problem);
        FairCounts goal = new FairCounts(problem);
        int fewest = fewestMovesToGoal(problem, goal);
        assertThat(EveryTable.keepsToRules(problem, draft.targets)).as(question).isTrue();
        assertThat(goal.reachedBy(EveryTable.counts(problem, draft.targets)))
                .as("goal reached by %s for %s", Arrays.toString(draft.targets), question)
                .isTrue();
        assertThat(draft.moveCount).as(question).isEqualTo(fewest);
        assertThat(draft.lowerBound).as(question).isEqualTo(fewest);
    }

    private static int fewestMovesToGoal(PlanningProblem problem, FairCounts goal) {
        int[] fewest = {Integer.MAX_VALUE};
        EveryTable.visit(problem, table -> {
            int moves = EveryTable.moves(problem, table);
            if (moves < fewest[0] && goal.reachedBy(EveryTable.counts(problem, table))) {
                fewest[0] = moves;
            }
        });
        return fewest[0];
    }

    @Test
    void keepMakesTheFewestMovesThatAnyTableByTheRulesNeeds() {
        for (int seed = 0; seed < CASES; seed++) {
            PlanningProblem problem = SmallProblems.random(new SplittableRandom(seed));
            int[] fewest = {Integer.MAX_VALUE};
            EveryTable.visit(problem, table -> fewest[0] = Math.min(fewest[0], EveryTable.moves(problem, table)));

            Draft draft = KeepPlanner.plan(problem);

            String question = "seed " + seed + ": " + SmallProblems.show(problem);
            assertThat(EveryTable.keepsToRules(problem, draft.targets))
                    .as(question)
                    .isTrue();
            assertThat(draft.moveCount).as(question).isEqualTo(fewest[0]);
            assertThat(draft.lowerBound).as(question).isEqualTo(fewest[0]);
        }
    }

    @Test
    void theOrderListsExactlyTheBucketsThatMoveOnce() {
        for (int seed = 0; seed < CASES; seed++) {
            PlanningProblem problem = SmallProblems.random(new SplittableRandom(seed));

            for (Draft draft : new Draft[] {BalancePlanner.plan(problem), KeepPlanner.plan(problem)}) {
                int[] listed = Arrays.copyOf(draft.order, draft.moveCount);
                Arrays.sort(listed);
                int[] moved = IntStream.range(0, problem.bucketCount)
                        .filter(b -> draft.targets[b] != problem.owners[b])
                        .toArray();

                assertThat(listed).as("seed %d", seed).isEqualTo(moved);
            }
        }
    }

    @Test
    void everyMoveForBalanceBringsTwoNodesNearerToTheirTargets() {
        for (int seed = 0; seed < CASES; seed++) {
            PlanningProblem problem = SmallProblems.random(new SplittableRandom(seed));

            Draft draft = BalancePlanner.plan(problem);

            int[] goal = EveryTable.counts(problem, draft.targets);
            int[] table = problem.owners.clone();
            for (int m = 0; m < draft.moveCount; m++) {
                int bucket = draft.order[m];
                long before = distance(goal, EveryTable.counts(problem, table));
                table[bucket] = draft.targets[bucket];
                if (problem.reason(bucket) == MoveReason.BALANCE) {
                    assertThat(distance(goal, EveryTable.counts(problem, table)))
                            .as("seed %d, move %d", seed, m)
                            .isEqualTo(before - 2);
                }
            }
        }
    }

    private static long distance(int[] goal, int[] counts) {
        long distance = 0;
        for (int i = 0; i < goal.length; i++) {
            distance += Math.abs(goal[i] - counts[i]);
        }
        return distance;
    }

    @Test
    void forcedMovesComeFirstInTheOrderOfTheirNeed() {
        for (int seed = 0; seed < CASES; seed++) {
            PlanningProblem problem = SmallProblems.random(new SplittableRandom(seed));

            Draft draft = BalancePlanner.plan(problem);

            int last = 0;
            for (int m = 0; m < draft.moveCount; m++) {
                int need = need(problem.reason(draft.order[m]));
                assertThat(need).as("seed %d, move %d", seed, m).isGreaterThanOrEqualTo(last);
                last = need;
            }
        }
    }

    private static int need(MoveReason reason) {
        return switch (reason) {
            case OWNER_LOST, UNASSIGNED -> 0;
            case DRAIN -> 1;
            case PIN -> 2;
            case BALANCE, OTHER -> 3;
        };
    }
}
