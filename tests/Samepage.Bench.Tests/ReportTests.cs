using System.Text.Json;
using Samepage.Bench.Harness;
using Samepage.Bench.Plots;

namespace Samepage.Bench.Tests;

public class ReportTests
{
    [Theory]
    [InlineData(0.5, "0.5 ns")]
    [InlineData(12.34, "12.3 ns")]
    [InlineData(999.4, "999 ns")]
    [InlineData(999.6, "1 µs")]
    [InlineData(45_600, "45.6 µs")]
    [InlineData(3.2e9, "3.2 s")]
    public void A_time_has_three_digits_and_its_unit(double nanoseconds, string text) => Assert.Equal(text, Quantity.Time(nanoseconds));

    [Fact]
    public void Percentiles_are_medians_of_the_rounds_and_the_longest_of_all()
    {
        Percentiles all = Percentiles.Over([Percentiles.Parse("1 2 3 4 5 6"), Percentiles.Parse("3 4 5 6 7 800"), Percentiles.Parse("2 3 4 5 6 7")]);

        Assert.Equal(new Percentiles(2, 3, 4, 5, 6, 800), all);
    }

    [Fact]
    public void A_line_that_is_no_percentiles_is_refused() => Assert.Throws<InvalidOperationException>(() => Percentiles.Parse("12 0"));

    [Fact]
    public void The_table_has_the_fastest_first_with_its_ratios_and_says_who_is_missing()
    {
        string[] rows = [.. RaceTable.Of([Race()]).Split('\n').Where(l => l.StartsWith("| ", StringComparison.Ordinal)).Skip(1)];

        Assert.Equal(4, rows.Length);
        Assert.StartsWith("| *limit: a lane* | 5.0 ns (5.0–5.0) | 12.8 GB/s | **0.5** (0.5–0.5) | 1.0 |", rows[0], StringComparison.Ordinal);
        Assert.StartsWith("| **Samepage** | 10.0 ns (10.0–10.0) | 6.4 GB/s | 1 | 2.0 |", rows[1], StringComparison.Ordinal);
        Assert.StartsWith("| pipe | 80.0 ns (80.0–80.0) | 800 MB/s | **8.0** (8.0–8.0) | 16 |", rows[2], StringComparison.Ordinal);
        Assert.Contains("absent | — | — | — | — | not installed |", rows[3], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(Course.Sizes), "6.4 GB/s")]
    [InlineData(nameof(Course.Batches), "6.4 GB/s")]
    [InlineData(nameof(Course.OneToMany), "100.00 M/s")]
    [InlineData(nameof(Course.ManyToOne), "100.00 M/s")]
    public void A_course_tells_how_much_is_moved(string course, string amount)
    {
        Race race = Race() with { Course = Enum.Parse<Course>(course) };

        Assert.Contains($"| **Samepage** | 10.0 ns (10.0–10.0) | {amount} | 1 |", RaceTable.Of([race]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_in_which_Samepage_itself_spread_says_that_it_cannot_tell()
    {
        Race noisy = Race() with { Entrants = [new(EntrantKind.Samepage, Known.Contender("Samepage", null, 10, 20, 40))] };

        Assert.Contains("Too noisy to tell", RaceTable.Of([noisy]), StringComparison.Ordinal);
        Assert.DoesNotContain("Too noisy to tell", RaceTable.Of([Race()]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_has_the_figures_the_table_and_the_plots_that_the_table_shows()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            Publication.Write(folder, Known.Results(Race()));

            Assert.Equal(["results.json", "table.md", "throughput.svg"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
            Assert.Contains("](throughput.svg)", File.ReadAllText(Path.Combine(folder, "table.md")), StringComparison.Ordinal);
            using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "results.json")));
            JsonElement pipe = json.RootElement.GetProperty("races")[0].GetProperty("entrants")[1];
            Assert.Equal(80, pipe.GetProperty("statistics").GetProperty("median").GetDouble());
            Assert.Equal(8, pipe.GetProperty("toSamepage").GetProperty("median").GetDouble());
            Assert.Equal(16, pipe.GetProperty("toLimit").GetProperty("median").GetDouble());
            Assert.Equal(400, pipe.GetProperty("percentiles").GetProperty("p99").GetDouble());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Race Race() => Known.Race("stream, 64 B: a message", Course.Sizes, 64,
        Known.Entrant(EntrantKind.Samepage, "Samepage", 10), Known.Entrant(EntrantKind.Rival, "pipe", 80),
        new Entrant(EntrantKind.Rival, new MissingContender("absent", Unit.Nanoseconds, "not installed")), Known.Entrant(EntrantKind.Limit, "a lane", 5));
}
