using System.Diagnostics;
using System.Globalization;
using Samepage.Torture.Driving;

namespace Samepage.Torture.Soak;

/// <summary>Mixed traffic between two processes that stay, beside a visitor that is started anew every minute; what they use and how long things take is sampled.</summary>
internal sealed class SoakDriver(Options options)
{
    private const string Name = "soak";
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(2), _visit = TimeSpan.FromMinutes(1);

    private readonly List<string> _columns = ["seconds"];
    private readonly List<double[]> _rows = [];

    public int Run()
    {
        string path = options.OutputPath!;
        using WorkerProcess answering = Start("answer"), asking = Start("ask");
        if (Soak(path, asking, answering) is not { } visits)
            return 1;
        if (!Ends(asking) || !Ends(answering))
            return Fail("a process did not end in good order");
        SoakPlots.Write(path, _columns, _rows);
        (IReadOnlyList<string> lines, bool isFlat) = Verdict.Of(_columns, _rows);
        foreach (string line in lines)
            Console.WriteLine(line);
        int left = Leftovers.Check().Count();
        Console.WriteLine($"{_rows.Count} samples in {path}, {visits} visitors, {left} leftovers: {(isFlat && left == 0 ? "flat" : "FAILED")}");
        return isFlat && left == 0 ? 0 : 1;
    }

    /// <summary>How many visitors there were, or null after a failure.</summary>
    private int? Soak(string path, WorkerProcess asking, WorkerProcess answering)
    {
        using var csv = new StreamWriter(path);
        var clock = Stopwatch.StartNew();
        for (int visits = 1; ; visits++)
        {
            using WorkerProcess visitor = Start("visit");
            TimeSpan until = _visit * visits < options.Duration ? _visit * visits : options.Duration;
            while (clock.Elapsed < until)
            {
                Thread.Sleep(_interval);
                if (Sample(clock.Elapsed, asking, answering) is not { } sample)
                {
                    _ = Fail("a process died, or does not answer");
                    return null;
                }
                Write(csv, sample);
            }
            if (!Ends(visitor))
            {
                _ = Fail("the visitor did not end in good order");
                return null;
            }
            if (clock.Elapsed >= options.Duration)
                return visits;
        }
    }

    private static bool Ends(WorkerProcess worker)
    {
        worker.EndInput();
        return worker.WaitForExit() == 0;
    }

    private static int Fail(string what)
    {
        Console.WriteLine($"FAILED: {what}");
        return 1;
    }

    private static WorkerProcess Start(string part)
    {
        var worker = new WorkerProcess("soak-worker", [part, Name]);
        return worker.Hears("ready") ? worker : throw new InvalidOperationException($"The process that should {part} did not start.");
    }

    private double[]? Sample(TimeSpan at, WorkerProcess asking, WorkerProcess answering)
    {
        asking.Say("report");
        if (asking.HearsLine("report ") is not { } report || answering.HasExited)
            return null;
        var row = new List<(string, double)>();
        foreach ((string who, WorkerProcess worker) in new[] { ("asking", asking), ("answering", answering) })
        {
            ProcessSample sample = ProcessSample.Of(worker.Id);
            row.AddRange([($"{who} resident", sample.Resident), ($"{who} anonymous", sample.Anonymous), ($"{who} descriptors", sample.Descriptors), ($"{who} maps", sample.Maps)]);
        }
        row.AddRange([("shared files", Root.Files().Count()), ("shared bytes", Root.BytesInUse())]);
        foreach (string[] kind in report.Split(' ')[1..].Select(k => k.Split(':')))
            row.AddRange([($"{kind[0]} per-second", Number(kind[1]) / _interval.TotalSeconds), ($"{kind[0]} p50", Number(kind[2])), ($"{kind[0]} p99", Number(kind[3]))]);
        if (_columns.Count == 1)
            _columns.AddRange(row.Select(c => c.Item1));
        double[] values = [at.TotalSeconds, .. row.Select(c => c.Item2)];
        _rows.Add(values);
        return values;
    }

    private void Write(StreamWriter csv, double[] row)
    {
        if (_rows.Count == 1)
            csv.WriteLine(string.Join(',', _columns));
        csv.WriteLine(string.Join(',', row.Select(v => v.ToString("0.##", CultureInfo.InvariantCulture))));
        csv.Flush();
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
