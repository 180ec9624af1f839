using System.Globalization;
using Samepage.Hostile;

[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

if (args is ["victim", var kind, var seed, var first, var count, var how, var page])
{
    using var control = new ControlPage(page, create: false);
    new Victim(kind, Number(seed), control, how == "rest").Run(long.Parse(first, CultureInfo.InvariantCulture), long.Parse(count, CultureInfo.InvariantCulture));
    return 0;
}

Options options = Options.Read(args);
return options.Replay is { } path ? Again(path) : Attack(options);

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

static int Again(string path)
{
    string[] files = Directory.Exists(path) ? Directory.GetFiles(path, "*.txt") : [path];
    int failures = 0;
    foreach (string file in files)
    {
        var failure = Failure.Load(file);
        string? fault = Replay.Fault(failure, failure.Mutations);
        Console.WriteLine($"{Path.GetFileName(file)}: {fault ?? "passed"}");
        failures += fault is null ? 0 : 1;
    }
    Console.WriteLine($"{files.Length} replayed, {failures} failures");
    return failures == 0 ? 0 : 1;
}

static int Attack(Options options)
{
    var all = new Tally();
    foreach (string kind in options.Kinds)
    {
        var tally = new Tally();
        new Campaign(kind, options.Seed, options.Time / options.Kinds.Count, options.Mutations / options.Kinds.Count, tally).Run();
        Console.WriteLine($"{kind}: {tally}");
        foreach (Failure failure in tally.Failures)
            Tell(failure, options);
        all.Add(tally);
    }
    Console.WriteLine($"seed {options.Seed}: {all}");
    return all.Failures.Count == 0 ? 0 : 1;
}

static void Tell(Failure failure, Options options)
{
    Failure told = options.Minimise ? Replay.Minimise(failure) : failure;
    string path = Path.Combine(options.Found, $"{told.Kind}-{told.Seed}-{told.Epoch}.txt");
    Directory.CreateDirectory(options.Found);
    told.Save(path);
    Console.WriteLine($"FAILED: {told.Kind}, seed {told.Seed}, epoch {told.Epoch}, {told.Mutations.Count} mutations {(told.AtRest ? "at rest" : "in use")}, written to {path}");
    Console.WriteLine(told.Fault);
    foreach (Mutation mutation in told.Mutations.Take(20))
        Console.WriteLine($"  {mutation}");
}
