using System.Diagnostics;
using Samepage.Bench;
using Samepage.Bench.Cases;
using Samepage.Bench.Harness;
using Samepage.Bench.Plots;
using Samepage.Bench.Rivals;
using Samepage.Channels;

const int Broken = 1;
const int Misused = 2;
const int Regressed = 3;

if (args is [PeerLoop.Verb, var role, var name, var side])
{
    Action<string, bool> serve = role switch
    {
        MutexContended.Role => MutexContended.Serve,
        TetherDeath.Role => TetherDeath.Serve,
        TopicColdWake.Role => TopicColdWake.Serve,
        _ when role.StartsWith(TopicRoundTrip.Role, StringComparison.Ordinal) =>
            (n, first) => TopicRoundTrip.Serve(Enum.Parse<WaitStrategy>(role[TopicRoundTrip.Role.Length..]), n, first),
        _ when role.StartsWith(TopicStream.Role, StringComparison.Ordinal) => (n, first) => TopicStream.Serve(int.Parse(role[TopicStream.Role.Length..]), n, first),
        _ when role.StartsWith(MeteredStream.Role, StringComparison.Ordinal) => (n, first) => MeteredStream.Serve(role[MeteredStream.Role.Length..], n, first),
        _ when role.StartsWith(BareLane.Role, StringComparison.Ordinal) => (n, first) => BareLane.Serve(int.Parse(role[BareLane.Role.Length..]), n, first),
        _ when role.StartsWith(TopicLarge.Role, StringComparison.Ordinal) => (n, first) => TopicLarge.Serve(role[TopicLarge.Role.Length..], n, first),
        _ when role.StartsWith(QueueStream.Role, StringComparison.Ordinal) => (n, first) => QueueStream.Serve(role[QueueStream.Role.Length..], n, first),
        _ when role.StartsWith(CellRead.Role, StringComparison.Ordinal) => (n, first) => CellRead.Serve(role[CellRead.Role.Length..], n, first),
        _ when role.StartsWith(ServiceRoundTrip.Role, StringComparison.Ordinal) =>
            (n, first) => ServiceRoundTrip.Serve(Enum.Parse<WaitStrategy>(role[ServiceRoundTrip.Role.Length..]), n, first),
        _ when role.StartsWith(AllRivals.Role, StringComparison.Ordinal) => (n, _) => AllRivals.Serve(role[AllRivals.Role.Length..], n, side),
        EventPingPong.Role => EventPingPong.Serve,
        SemaphorePingPong.Role => SemaphorePingPong.Serve,
        _ when role.StartsWith(AnyPingPong.Role, StringComparison.Ordinal) =>
            (n, first) => AnyPingPong.Serve(int.Parse(role[AnyPingPong.Role.Length..]), n, first),
        _ when role.StartsWith(AsyncPingPong.Role, StringComparison.Ordinal) =>
            (n, first) => AsyncPingPong.Serve(int.Parse(role[AsyncPingPong.Role.Length..]), n, first),
        _ when role.StartsWith(IdleWaits.Role, StringComparison.Ordinal) => (n, _) => IdleWaits.Serve(int.Parse(role[IdleWaits.Role.Length..]), n),
        _ when role.StartsWith(ManyObjects.Role, StringComparison.Ordinal) => (n, _) => ManyObjects.Serve(int.Parse(role[ManyObjects.Role.Length..]), n),
        _ when role.StartsWith(StartUp.Role, StringComparison.Ordinal) => (n, _) => StartUp.Serve(role[StartUp.Role.Length..], n),
        _ when role.StartsWith(MemoryUse.Role, StringComparison.Ordinal) => (n, _) => MemoryUse.Serve(role[MemoryUse.Role.Length..], n),
        _ => throw new ArgumentException($"There is no peer \"{role}\"."),
    };
    serve(name, side == "first");
    return 0;
}
if (!Options.TryParse(args, out Options? options))
{
    Console.Error.WriteLine(Options.Usage);
    return Misused;
}

(string Selection, bool TwoProcesses, string Title, Func<Suite> Prepare)[] suites =
[
    ("mutex", false, "mutex, uncontended", () => new MutexUncontended()),
    ("mutex", true, "mutex, contended", () => new MutexContended()),
    ("event", true, "event", () => new EventPingPong()),
    ("semaphore", true, "semaphore", () => new SemaphorePingPong()),
    ("any", true, "wait for any", () => new AnyPingPong()),
    ("async", true, "asynchronous waits", () => new AsyncPingPong()),
    ("async", false, "asynchronous waits, idle", () => new IdleWaits()),
    ("tether", false, "tether", () => new TetherDeath()),
    ("topic", true, "topic, round trips", () => new TopicRoundTrip()),
    ("topic", true, "topic, streams", () => new TopicStream()),
    ("topic", true, "topic, large messages", () => new TopicLarge()),
    ("topic", true, "topic, cold", () => new TopicColdWake()),
    ("metrics", true, "topic, metrics collected", () => new MeteredStream()),
    ("queue", true, "queue, streams", () => new QueueStream()),
    ("cell", true, "cell, reads", () => new CellRead()),
    ("service", true, "service, calls", () => new ServiceRoundTrip()),
    ("section", false, "section", () => new SectionLifetime()),
    ("span", false, "span", () => new SpanAccess()),
    ("locks", false, "locks and signals, nobody waits", () => new LockCosts()),
    ("lifetime", false, "create, open, close", () => new Lifetimes()),
    ("start-up", false, "the first object of a process", () => new StartUp()),
    ("memory", false, "memory", () => new MemoryUse()),
    ("many", false, "many objects", () => new ManyObjects()),
    .. Racecard.Jobs(options.Quick).Select(job => ("races", true, $"race, {job}", (Func<Suite>)(() => Racecard.Of(job)))),
];

long start = Stopwatch.GetTimestamp();
Machine machine = Machine.Describe();
Rounds rounds = options.Quick ? Rounds.Quick : Rounds.Full;
IReadOnlyList<GuardedRatio>? recorded;
try
{
    // Before anything is measured: a file that is not there should not cost minutes.
    recorded = options.GuardPath is { } guarded ? Recording.Read(guarded) : null;
}
catch (IOException e)
{
    Console.Error.WriteLine(e.Message);
    return Misused;
}
List<Comparison> comparisons = [];
List<Race> races = [];
List<string> faults = [];
List<string> notes = [];
Console.WriteLine(Table.Of(machine));
foreach (var (_, twoProcesses, title, prepare) in suites.Where(s => options.Wants(s.Selection)))
{
    if (twoProcesses && !Processors.AreTwo)
    {
        notes.Add($"{title}: not measured, it needs two processors and this process may use one.");
        continue;
    }
    Console.Error.WriteLine($"measuring: {title}");
    try
    {
        using Suite suite = prepare();
        suite.Of(rounds).Run(suite.Contenders);
        comparisons.AddRange(suite.Comparisons);
        races.AddRange(suite.Races);
        faults.AddRange(suite.Faults());
    }
    // Whatever breaks one case leaves the others measured; the exit code tells.
    catch (Exception e) when (e is IOException or InvalidOperationException or TimeoutException or AggregateException)
    {
        faults.Add($"{title}: {e.Message}");
    }
}

notes.Add($"{Counts(comparisons, races)} rounds in turns, samples of {rounds.Length.TotalMilliseconds:0} ms; {Stopwatch.GetElapsedTime(start).TotalSeconds:0} s in all.");
if (comparisons.Any(c => c.Reference.Missing is null && c.Reference.Statistics.IsNoisy))
    notes.Add("Where a verdict says \"too noisy to tell\", the reference itself spread by more than 25 % of its median: other programs were at work. Run again on a quiet machine.");
string[] versions = races.Count == 0 ? [] : [.. AllRivals.Others.Select(r => r.Version).OfType<string>()];
if (versions.Length > 0)
    notes.Add($"Raced: {string.Join(", ", versions)}; pipes, sockets and Kestrel of {machine.Runtime}.");
var results = new Results(machine, rounds, comparisons, races, notes, faults) { Versions = versions };
Console.Write(Table.Of(results));
foreach (string fault in faults)
    Console.Error.WriteLine($"broken: {fault}");
if (options.JsonPath is { } path)
    Report.Write(path, results);
if (options.Folder is { } folder)
    Publication.Write(folder, results);
IReadOnlyList<GuardedRatio> ratios = GuardedRatio.Of(comparisons, races);
if (options.RecordPath is { } record)
    Recording.Write(record, machine, ratios);
Guard? guard = recorded is null ? null : Guard.Of(recorded, ratios);
if (guard is not null)
    Console.Error.WriteLine(guard.Summary);
foreach (string regression in guard?.Regressions ?? [])
    Console.Error.WriteLine($"regressed: {regression}");
return faults.Count > 0 ? Broken : guard?.Regressions.Count > 0 ? Regressed : 0;

static string Counts(IEnumerable<Comparison> comparisons, IEnumerable<Race> races)
{
    int[] counts =
    [
        .. comparisons.Where(c => c.MostOfSubject is null).Select(c => c.Subject.Samples.Count),
        .. races.Where(r => r.Subject.IsHere).Select(r => r.Subject.Contender.Samples.Count),
    ];
    return counts.Length == 0 ? "no" : counts.Min() == counts.Max() ? $"{counts.Min()}" : $"{counts.Min()} to {counts.Max()}";
}
