using Samepage.Bench.Harness;

namespace Samepage.Bench.Plots;

/// <summary>A run as a folder: the figures for programs, the table for people, and the plots, which the table shows.</summary>
internal static class Publication
{
    public static void Write(string folder, Results results)
    {
        _ = Directory.CreateDirectory(folder);
        Report.Write(Path.Combine(folder, "results.json"), results);
        Plot[] plots = [.. new RacePlots(results).All()];
        foreach (Plot plot in plots)
            plot.Draw().Save(Path.Combine(folder, plot.FileName));
        string pictures = string.Concat(plots.Select(p => $"![{p.Title}]({p.FileName})\n\n"));
        File.WriteAllText(Path.Combine(folder, "table.md"), $"{Table.Of(results.Machine)}\n{pictures}{Table.Of(results)}");
    }
}
