using System.CommandLine;
using System.Diagnostics;
using Samepage.Cli.Output;
using Samepage.Cli.Parsing;

namespace Samepage.Cli.Commands;

/// <summary>What happens to objects, as it happens.</summary>
internal sealed class WatchVerb : Verb
{
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(10);

    private readonly Argument<string[]> _names = Common.Names("Names of objects; those that are not there yet are waited for.");
    private readonly Option<TimeSpan?> _every = Common.Time("--every", "How often to look. Default: 200ms.");
    private readonly Option<TimeSpan?> _for = Common.Time("--for", "Watch for this long. Default: until Ctrl+C.");
    private readonly Option<int?> _count = new("--count")
    {
        Description = "End after so many events. The first line of each name, which says how it stands, is none.",
        HelpName = "COUNT",
        CustomParser = Count.AtLeast(1),
    };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON, one value a line." };

    public WatchVerb(Session session)
        : base(session, "watch",
            "Print what happens to objects, a line for each event: created, removed; section: holder joined, left; mutex: taken, released, abandoned; " +
            "event: set, reset; semaphore: permits; and how many wait. " +
            "Holds and takes nothing. It looks at intervals: changes that are faster are seen as one, or not at all when all is as before.",
            "samepage watch printer",
            "samepage watch ready slots --every 50ms --for 1m",
            "samepage watch zzj --json | jq -r .event",
            "samepage watch ready --count 1 --for 10s || echo 'nothing happened'")
    {
        Add(_names);
        Add(_every);
        Add(_for);
        Add(_count);
        Add(_json);
    }

    protected override int Run(ParseResult line)
    {
        ObjectWatch[] watches = [.. line.GetRequiredValue(_names).Distinct(StringComparer.Ordinal).Select(name => new ObjectWatch(name))];
        var lines = new EventLines(Session.Terminal, line.GetValue(_json));
        int? left = line.GetValue(_count);
        TimeSpan every = line.GetValue(_every) is { } given ? (given < _shortest ? _shortest : given) : TimeSpan.FromMilliseconds(200);
        TimeSpan longest = line.GetValue(_for) ?? TimeSpan.MaxValue;
        long started = Stopwatch.GetTimestamp();
        while (true)
        {
            foreach (ObjectWatch watch in watches)
            {
                foreach (ObjectEvent happened in watch.Look())
                {
                    lines.Write(watch.Name, happened);
                    if (!happened.IsBeginning && --left == 0)
                        return ExitCodes.Success;
                }
            }
            TimeSpan rest = longest - Stopwatch.GetElapsedTime(started);
            if (rest <= TimeSpan.Zero)
                return left is null ? ExitCodes.Success : ExitCodes.TimedOut;
            _ = Session.Ended.WaitHandle.WaitOne(rest < every ? rest : every);
            Session.Ended.ThrowIfCancellationRequested();
        }
    }
}
