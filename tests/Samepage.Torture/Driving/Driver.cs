using System.Diagnostics;
using Samepage.Torture.Kinds;

namespace Samepage.Torture.Driving;

/// <summary>Epoch after epoch for as long as it was asked, or to the first failure.</summary>
internal sealed class Driver(Options options)
{
    private static readonly TimeSpan _epoch = TimeSpan.FromSeconds(10);

    private readonly Tally _tally = new();

    public int Run()
    {
        Console.WriteLine($"seed {options.Seed}, {options.Minutes} minutes of {string.Join(", ", options.Kinds)}");
        var random = new Random(options.Seed);
        Kind[] kinds = [.. options.Kinds.Select(AllKinds.Named)];
        var clock = Stopwatch.StartNew();
        for (int number = 0; clock.Elapsed < options.Duration; number++)
        {
            TimeSpan left = options.Duration - clock.Elapsed;
            IReadOnlyList<Failure> failures = new Epoch(number, kinds, random, left < _epoch ? left : _epoch, _tally).Run();
            Console.WriteLine($"{clock.Elapsed.TotalSeconds:0} s: {_tally}");
            if (failures.Count > 0)
                return Report(failures);
        }
        Console.WriteLine($"seed {options.Seed}: {_tally}, 0 failures");
        return 0;
    }

    private int Report(IReadOnlyList<Failure> failures)
    {
        foreach (Failure failure in failures)
        {
            Console.WriteLine($"FAILED: {failure.Kind}: {failure.Rule}: {failure.Text}");
            foreach (string line in failure.History)
                Console.WriteLine("    " + line);
        }
        Console.WriteLine($"seed {options.Seed}: {_tally}, {failures.Count} failures");
        Console.WriteLine($"again: --seed {options.Seed} --minutes {options.Minutes}{string.Concat(options.Kinds.Select(k => " --kind " + k))}");
        return 1;
    }
}
