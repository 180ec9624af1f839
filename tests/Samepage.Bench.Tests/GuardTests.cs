using Samepage.Bench.Harness;

namespace Samepage.Bench.Tests;

public class GuardTests
{
    [Fact]
    public void A_ratio_within_the_factor_of_the_recorded_spread_holds() => Assert.Empty(Guarded(Row(1.0, 0.9, 1.2), Row(3.5, 3.4, 3.6)).Regressions);

    [Fact]
    public void A_ratio_beyond_it_is_told_with_its_row_and_both_ratios()
    {
        string regression = Assert.Single(Guarded(Row(1.0, 0.9, 1.2), Row(3.8, 3.7, 3.9)).Regressions);

        Assert.StartsWith("a case / a reference: recorded 1.00 (0.90–1.20), found 3.80 (3.70–3.90)", regression, StringComparison.Ordinal);
    }

    [Fact]
    public void A_ratio_that_is_bad_in_some_rounds_only_holds() => Assert.Empty(Guarded(Row(1.0, 0.9, 1.2), Row(8, 3, 20)).Regressions);

    [Fact]
    public void A_ratio_whose_reference_was_noisy_says_nothing()
    {
        Guard guard = Guarded(Row(1.0, 0.9, 1.2), Row(100, 90, 120) with { IsNoisy = true });

        Assert.Empty(guard.Regressions);
        Assert.Equal((0, 1), (guard.Compared, guard.Noisy));
    }

    [Fact]
    public void A_ratio_that_became_better_holds() => Assert.Empty(Guarded(Row(1.0, 0.9, 1.2), Row(0.01, 0.01, 0.01)).Regressions);

    [Fact]
    public void Of_a_throughput_less_is_worse()
    {
        Assert.NotEmpty(Guarded(Row(1.0, 0.9, 1.2) with { MoreIsBetter = true }, Row(0.28, 0.27, 0.29)).Regressions);
        Assert.Empty(Guarded(Row(1.0, 0.9, 1.2) with { MoreIsBetter = true }, Row(0.31, 0.28, 0.35)).Regressions);
        Assert.Empty(Guarded(Row(1.0, 0.9, 1.2) with { MoreIsBetter = true }, Row(50, 40, 60)).Regressions);
    }

    [Fact]
    public void A_row_that_nobody_recorded_holds_beside_one_that_is()
    {
        Guard guard = Guarded(Row(1.0, 0.9, 1.2), Row(1.0, 0.9, 1.1), Row(100, 90, 110) with { Against = "something new" });

        Assert.Empty(guard.Regressions);
        Assert.Equal((1, 1), (guard.Compared, guard.New));
    }

    [Fact]
    public void A_guard_that_knows_none_of_the_rows_does_not_hold() =>
        Assert.NotEmpty(Guarded(Row(1.0, 0.9, 1.2), Row(1.0, 0.9, 1.1) with { Against = "something new" }).Regressions);

    [Fact]
    public void What_is_recorded_is_read_again()
    {
        string path = Path.GetTempFileName();
        try
        {
            GuardedRatio row = Row(1.25, 0.5, 2) with { MoreIsBetter = true };
            Recording.Write(path, Known.Machine, [row]);

            Assert.Equal([row], Recording.Read(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_race_gives_a_ratio_of_Samepage_to_each_of_the_others()
    {
        Race race = Known.Race("a case", Course.Sizes, 64, Known.Entrant(EntrantKind.Samepage, "Samepage", 20), Known.Entrant(EntrantKind.Rival, "pipe", 80),
            new Entrant(EntrantKind.Rival, new MissingContender("absent", Unit.Nanoseconds, "not installed")), Known.Entrant(EntrantKind.Limit, "limit", 10));

        Assert.Equal([("a case / pipe", 0.25), ("a case / limit", 2.0)], GuardedRatio.Of([], [race]).Select(r => (r.Row, r.Ratio.Median)));
    }

    [Fact]
    public void A_comparison_is_noisy_as_its_reference_is()
    {
        var comparison = new Comparison("a case", Known.Contender("quiet", null, 10, 10, 10), Known.Contender("noisy", null, 10, 20, 40), null);

        Assert.True(Assert.Single(GuardedRatio.Of([comparison], [])).IsNoisy);
    }

    private static GuardedRatio Row(double median, double p10, double p90) => new("a case", "a reference", new Statistics(median, p10, p90), MoreIsBetter: false);

    private static Guard Guarded(GuardedRatio recorded, params GuardedRatio[] found) => Guard.Of([recorded], found);
}
